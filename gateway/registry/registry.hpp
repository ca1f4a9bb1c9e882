#pragma once
// Which objects were ever sealed, and their envelopes, by SOP Instance UID and envelope id; and who asked
// archives for a storage commitment. Fed from the journal; what is durable there but not yet in the database
// is found all the same.

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "gateway/base/bytes.hpp"
#include "gateway/base/names.hpp"
#include "gateway/journal/journal.hpp"
#include "gateway/registry/commitment.hpp"

namespace portcullis::registry {

/// One ingest of one object.
struct Row {
    std::string archive;  // name in the configuration
    Uid sop_class;
    Uid sop_instance;
    std::string study;  // Study Instance UID, empty if the object has none
    std::string series;
    std::string patient_id;       // bytes as they came
    std::string transfer_syntax;  // as sent to the archive
    std::string envelope_id;      // 32 hex digits; empty: nothing to seal
    Bytes envelope;               // empty: nothing to seal
    std::uint64_t time_ms = 0;    // milliseconds since 1970-01-01 UTC
    bool operator==(const Row&) const = default;
};

/// The envelopes of rows, in their order, each once.
std::vector<Bytes> envelopes_of(const std::vector<Row>&);

/// How a row's store ended. Rows start as `intent`. One that a crash left open becomes what the archive says
/// that it holds, `refused` if that is nothing; until then, and in every state, it opens the object.
enum class State : std::uint8_t { intent = 0, stored = 1, refused = 2 };

/// A store of which nothing says how it ended.
struct OpenIntent {
    std::string archive;  // name in the configuration
    Uid sop_instance;
    std::string study, series;  // UIDs, empty if the object has none
    std::string envelope_id;    // empty: nothing to seal
    std::uint64_t time_ms;
};

/// For the journal.
journal::Entry put(const Row&);
journal::Entry outcome(const Uid& sop_instance, std::uint64_t time_ms, const std::string& envelope_id, State);

class Registry final : public journal::Sink {
  public:
    /// `url` as in the configuration: sqlite:///absolute/path or sqlite://relative. Throws std::runtime_error
    /// with one line.
    explicit Registry(const std::string& url);
    ~Registry() override;

    /// In which it lies on the disk.
    std::filesystem::path folder() const;

    /// A new registry, or an old copy, where the last one is lost, takes what the journal still holds from
    /// this change on. Throws std::logic_error if that was applied already.
    void begin_at(journal::Position);

    /// All rows of an object: the current one (latest by time, `refused` ones last) first. Thread-safe.
    /// Throws std::runtime_error.
    std::vector<Row> find(const Uid& sop_instance) const;
    /// The latest row with this envelope, 32 hex digits, whatever its object. Throws std::runtime_error.
    std::optional<Row> find_envelope(const std::string& envelope_id) const;
    /// The transfer syntaxes in which objects of this SOP class were stored, most recent first; restricted to
    /// a study if given.
    std::vector<std::string> transfer_syntaxes(const Uid& sop_class, const std::vector<Uid>& studies) const;
    /// SOP Instance UIDs (state not `refused`) of a study.
    std::vector<Uid> instances_of_study(const Uid& study) const;
    /// Those among the latest `most` rows of the database: of a gateway that has just started, what it had in
    /// hand when it crashed. Throws std::runtime_error.
    std::vector<OpenIntent> open_intents(std::size_t most) const;
    /// The latest request of this transaction, of a scanner that the archive knows by this title. Throws
    /// std::runtime_error.
    std::optional<Commitment> find_commitment(const std::string& archive, const Uid& transaction,
                                              const AeTitle& known_as) const;
    /// Whether there is any of a scanner that the archive knows by this title. Throws std::runtime_error.
    bool has_commitment(const std::string& archive, const AeTitle& known_as) const;
    std::uint64_t size() const;

    void prepare(std::string& payload) override;
    void apply(const std::vector<std::pair<journal::Position, std::string>>& entries) override;
    void sync() override;
    journal::Position next() const override;

  private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace portcullis::registry
