#pragma once
// A registry in a temporary folder, and rows for it.

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "gateway/registry/registry.hpp"
#include "tests/support/temporary_folder.hpp"

namespace portcullis::registry {

class TemporaryFolder : public support::TemporaryFolder {
  public:
    std::string url() const { return "sqlite://" + (path() / "registry.db").string(); }
};

inline Uid uid(const std::string& text) {
    return *Uid::parse(text);
}

inline const Uid ct = uid("1.2.840.10008.5.1.4.1.1.2");
inline const Uid mr = uid("1.2.840.10008.5.1.4.1.1.4");

inline Row row(const std::string& instance, std::uint64_t time, const std::string& study = "1.1",
               const std::string& syntax = "1.2.840.10008.1.2.1") {
    return {"main",
            ct,
            uid(instance),
            study,
            study + ".1",
            "patient",
            syntax,
            std::string(32, static_cast<char>('a' + time % 6)),
            Bytes(300, static_cast<std::uint8_t>(time)),
            time};
}

// As the journal does it. Entries are visible once prepared, and in the database once applied.
class Feeder {
  public:
    explicit Feeder(Registry& registry) : registry_(registry), next_(registry.next()) {}
    void prepare(journal::Entry entry) {
        registry_.prepare(entry.payload);
        prepared_.emplace_back(next_++, std::move(entry.payload));
    }
    void apply() {
        if (!prepared_.empty()) registry_.apply(prepared_);
        prepared_.clear();
    }

  private:
    Registry& registry_;
    journal::Position next_;
    std::vector<std::pair<journal::Position, std::string>> prepared_;
};

inline journal::Entry outcome_of(const Row& row, State state) {
    return outcome(row.sop_instance, row.time_ms, row.envelope_id, state);
}

}  // namespace portcullis::registry
