#pragma once
// The one durable log of the gateway: every change of the registry and every audit record goes through it, in
// one order, with one fdatasync for all that wait together (group commit). Sinks are fed from it afterwards
// and catch up after a crash.
//
//   append(entries, done) -> [writer thread]  prepare -> write -> fdatasync -> done(ok)
//   write_now(entries)    -> the same on the calling thread, if nobody else waits for the disk
//                            [applier thread] sinks apply; once a segment is full: sinks sync, old segment
//                            goes
//
// An entry is durable when `done` is called without an error. If writing fails, every waiting and later
// append fails: the gateway must then refuse to store (a full disk stops serving before it stops auditing).
// An append that failed may nevertheless be found after the next start: the disk does not say how far it got.

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "gateway/base/error.hpp"

namespace portcullis::journal {

/// Which sink an entry is for.
enum class Kind : std::uint8_t { registry = 1, audit = 2 };

struct Entry {
    Kind kind;
    std::string payload;
};

/// The number of entries of the same kind that were ever appended before this one: each sink counts its own,
/// so that record n of the audit log is the audit entry at position n - 1.
using Position = std::uint64_t;

/// `prepare` is called from whichever thread writes, one at a time, `apply` and `sync` from the applier
/// thread, at the same time; at construction of the journal all are called from the constructor's thread.
class Sink {
  public:
    virtual ~Sink() = default;
    /// Before writing, in journal order: may complete the payload (the audit chain adds number and hash).
    /// Once per entry: what is replayed after a crash is the prepared payload, and is not prepared again.
    virtual void prepare(std::string& payload) = 0;
    /// After the entries are durable, in order, with no position left out. Throws std::exception if it
    /// cannot: the journal then fails for good, and keeps the entries for the next start.
    virtual void apply(const std::vector<std::pair<Position, std::string>>& entries) = 0;
    /// Makes what was applied durable, before the journal forgets it. Also called at the end of the replay.
    virtual void sync() = 0;
    /// First position that was not yet applied: entries from there on are replayed at start. Asked at start
    /// only.
    virtual Position next() const = 0;
};

using Done = std::function<void(ErrorCode)>;

/// One group commit, for the metrics.
struct Commit {
    std::size_t entries;
    std::size_t bytes;
    std::chrono::duration<double> time;  // of write and fdatasync together
};

struct Options {
    /// A new segment is begun when the active one has passed this.
    std::size_t segment_bytes = std::size_t{64} << 20;
    /// How long entries that nobody waits for may stay in memory.
    std::chrono::milliseconds linger{50};
    /// A disk that took longer for the last write is not waited for by write_now().
    std::chrono::milliseconds worth_waiting_for{2};
    /// After each fdatasync, from the thread that wrote; may be empty.
    std::function<void(const Commit&)> on_commit;
};

/// The entries of one append together may not be longer than this.
constexpr std::size_t max_append_bytes = std::size_t{16} << 20;

class Journal {
  public:
    /// Opens or creates the folder, drops a torn end, replays to the sinks what they have not applied, has
    /// them sync, and begins a new segment. The sinks must outlive it. Throws std::runtime_error with one
    /// line if the folder cannot be used, if another process uses it, if an entry before the end is damaged,
    /// or if a sink lacks entries that the journal has forgotten.
    Journal(const std::filesystem::path& folder, Sink& registry, Sink& audit, Options options = {});
    /// Writes what was appended, lets the sinks apply it and sync, stops the threads.
    ~Journal();

    /// Thread-safe, never blocks on the disk. The entries of one call become durable together and stand
    /// together: after a crash all of them are there, or none. `done` is called from the writer thread and
    /// must not throw. An empty `done` means that nobody waits: the entries join the next group commit, which
    /// is made for them alone at most every Options::linger (50 ms).
    /// Errors: errno of the write that failed; ENOSPC, EIO, ...; message_size (over max_append_bytes; the
    /// journal stays healthy); io_error (a sink failed).
    void append(std::vector<Entry> entries, Done done);
    /// As append(), but on the calling thread, which waits for the disk: the ways to the writer thread and
    /// back take longer than many a disk. For who serves nobody else meanwhile. Nothing: not now, because
    /// others wait for the disk, it is slow, or the sinks or the segment need more than a write; the entries
    /// are then untouched. Thread-safe.
    std::optional<ErrorCode> write_now(std::vector<Entry>& entries);
    /// Whether the last write took no longer than Options::worth_waiting_for.
    bool is_quick() const;
    /// False once writing, or a sink, has failed.
    bool healthy() const;
    /// Why it is not healthy, in one line; empty if it is.
    std::string failure() const;

  private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace portcullis::journal
