#pragma once
// The log that an auditor can trust: FOLDER/audit.log, one JSON object per line, numbered from 1, each
// carrying the hash of the one before:
//
//   {"seq":N,"time":"...Z","event":"...", values ...,"prev":"HASH OF N-1","hash":"HASH"}
//
// The hash is the RFC 6962 leaf hash, SHA-256(0x00 || line without its last member), so that the lines are
// already leaves of a Merkle tree. `prev` of record 1 is 64 zeros. As each line ends with its own hash, the
// last line too is protected against accidents. Lines are ASCII. FORMAT.md has it all; files.hpp tells how
// the log is rotated.

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "gateway/audit/note.hpp"
#include "gateway/journal/journal.hpp"

namespace portcullis::audit {

using Value = std::variant<std::string, std::uint64_t, bool>;

/// One record: what happened, and named values. Names are the field's: "calling_ae", "called_ae", "peer",
/// "user", "address", "archive", "sop_class", "sop_instance", "study", "study_uids", "patient_id", "status",
/// "reason", "rule", "envelope", "destination", "phase", "transaction", "query", "from" (the peer that asks),
/// "bytes" (of what was delivered), "charged" (to the budgets of who asked), "budget".
/// On its way to the journal it goes through a Scribe (scribe.hpp).
struct Record {
    std::string event;  // association, store, retrieve, push, query, commitment, refusal, failure, alert,
                        // warning, observe, start, stop, keys, reload, registry, checkpoint, grant
    std::vector<std::pair<std::string, Value>> values;
    Record(std::string name, std::vector<std::pair<std::string, Value>> named)
        : event(std::move(name)), values(std::move(named)) {
        values.reserve(usual);
    }

  private:
    static constexpr std::size_t usual = 24;  // values; most records have fewer
};

/// When a new file is begun: when the present one has so many bytes, or its first record is so old.
struct Rotation {
    std::uint64_t size = std::uint64_t{1} << 30;
    std::chrono::milliseconds age = std::chrono::hours(24);
    bool operator==(const Rotation&) const = default;
};

struct Options {
    Rotation rotation{};
    std::optional<Signer> signer{};  // of checkpoints; without one there are none
};

class AuditLog final : public journal::Sink {
  public:
    /// Opens or creates FOLDER/audit.log (mode 0600) and checks what was appended since the last sync(). What
    /// is not sound there is written anew as the journal replays it; if the journal does not have it, the
    /// sync() that ends the replay throws. Throws std::runtime_error with one line, also if the log is
    /// shorter than it was.
    explicit AuditLog(const std::filesystem::path& folder, Options = {});
    ~AuditLog() override;

    void prepare(std::string& payload) override;
    void apply(const std::vector<std::pair<journal::Position, std::string>>& entries) override;
    void sync() override;
    /// Also how many records are written. From any thread.
    journal::Position next() const override;

    /// Signs a checkpoint of all that was durable in the journal before, unless the last one is followed by
    /// nothing but records of checkpoints. A rotation makes one, too. Returns the record of the latest that
    /// was not returned before, for the journal: so that the checkpoint goes wherever records go. From any
    /// thread; waits for the disk. Throws std::runtime_error with one line.
    std::optional<Record> checkpoint();

  private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace portcullis::audit
