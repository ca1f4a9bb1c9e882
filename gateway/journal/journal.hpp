#pragma once
// The one durable log of the gateway: every change of the registry and every audit record goes through it, in
// one order, with one fdatasync for all that wait together (group commit). Sinks are fed from it afterwards
// and catch up after a crash.
//
//   append(entries, done) -> [writer thread] prepare -> write -> fdatasync -> done(ok) -> sinks apply
//
// An entry is durable when `done` is called without an error. If writing fails, every waiting and later
// append fails: the gateway must then refuse to store (a full disk stops serving before it stops auditing).

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "gateway/base/error.hpp"

namespace portcullis::journal {

/// Which sink an entry is for.
enum class Kind : std::uint8_t { registry = 1, audit = 2 };

struct Entry {
    Kind kind;
    std::string payload;
};

/// Position in the journal: the number of entries that were ever appended before this one.
using Position = std::uint64_t;

/// Called from the journal's thread only, except at construction.
class Sink {
  public:
    virtual ~Sink() = default;
    /// Before writing, in journal order: may complete the payload (the audit chain adds number and hash).
    virtual void prepare(std::string& payload) = 0;
    /// After the entries are durable, in order. Throws std::exception if it cannot: the journal then fails
    /// for good, and keeps the entries for the next start.
    virtual void apply(const std::vector<std::pair<Position, std::string>>& entries) = 0;
    /// Makes what was applied durable, before the journal forgets it.
    virtual void sync() = 0;
    /// First position that was not yet applied: entries from there on are replayed at start.
    virtual Position next() const = 0;
};

using Done = std::function<void(ErrorCode)>;

class Journal {
  public:
    /// Opens or creates the folder, drops a torn end, replays to the sinks what they have not applied. The
    /// sinks must outlive it. Throws std::runtime_error with one line if the folder cannot be used or an
    /// entry before the end is damaged.
    Journal(const std::filesystem::path& folder, Sink& registry, Sink& audit);
    /// Writes what was appended, lets the sinks apply it, stops the thread.
    ~Journal();

    /// Thread-safe, never blocks on the disk. The entries of one call become durable together and stand
    /// together. `done` is called from the journal's thread; it may be empty.
    void append(std::vector<Entry> entries, Done done);
    /// False once writing has failed.
    bool healthy() const;

  private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace portcullis::journal
