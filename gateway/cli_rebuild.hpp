#pragma once
// What both ways of rebuilding the registry have in common: from files, and from the archive itself.

#include <array>
#include <memory>
#include <optional>
#include <string_view>

#include "gateway/audit/scribe.hpp"
#include "gateway/image/identifiers.hpp"
#include "gateway/journal/journal.hpp"
#include "gateway/registry/registry.hpp"
#include "gateway/settings.hpp"

namespace portcullis::cli {

/// The durable part of a gateway. Throws if one runs.
class Store {
  public:
    /// A registry that is older than all that the journal still knows lacks what was sealed in between. With
    /// `all` that is put back from what is rebuilt from, and the gap is audited; else it throws.
    Store(const Settings&, bool all);
    /// Waits until it is durable.
    void append(std::vector<journal::Entry> entries);

    const audit::Scribe scribe;
    registry::Registry registry;

  private:
    struct Gap {
        journal::Position from, to;
    };
    std::unique_ptr<journal::Journal> begin(const Settings&, bool all);

    audit::AuditLog audit_;
    std::optional<Gap> gap_;
    const std::unique_ptr<journal::Journal> journal_;
};

enum class Found { added, known, not_sealed, refused };
inline constexpr std::array<std::string_view, 4> found_names = {"added", "known already", "not sealed",
                                                                "refused"};
constexpr std::string_view name(Found found) {
    return found_names[static_cast<std::size_t>(found)];
}

/// The row of a sealed object that opens; whoever calls has seen to that. Throws media::Refused if it has no
/// UIDs, std::runtime_error if the journal cannot be written.
Found put_back(const image::Identifiers&, const Bytes& envelope, const std::string& archive, Store&);

/// How many of what; the answer for people.
class Counts {
  public:
    void add(Found found) { ++counts_[static_cast<std::size_t>(found)]; }
    std::size_t of(Found found) const { return counts_[static_cast<std::size_t>(found)]; }
    /// "2 added, 0 known already, 0 not sealed, 1 refused".
    std::string text() const;

  private:
    std::array<std::size_t, found_names.size()> counts_{};
};

}  // namespace portcullis::cli
