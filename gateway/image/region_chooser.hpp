#pragma once
// Chooses the regions of a data set by the rules of a configuration. These may name private values by the
// creator of their block, which is another element of the same item (PS3.5 7.8.1): the chooser is told of all
// that passes, and remembers the creators that the rules name.

#include <map>
#include <optional>
#include <vector>

#include "gateway/base/error.hpp"
#include "gateway/base/region_rules.hpp"
#include "gateway/image/regions.hpp"

namespace portcullis::image {

class RegionChooser {
  public:
    explicit RegionChooser(RegionRules rules) : rules_(std::move(rules)) {}

    /// An element begins, at any depth. What sealing makes of it, as region_kind(). `path` is called only
    /// where the rules name creators.
    template <class CurrentPath>
    std::optional<codec::RegionKind> begin(const Element& element, const CurrentPath& path) {
        end();
        if (names_creators() && (element.tag >> 16) % 2 != 0) note_place(element, path());
        return choose(element);
    }
    /// Bytes of its value; end() when they are complete.
    void value(ByteView);
    void end();

    /// The items that are open hold more creators that the rules name than are remembered: nothing more may
    /// be chosen.
    bool is_full() const { return remembered_ > most_remembered; }

  private:
    enum class Owner { also, never };
    /// Of an item that is open, or of the top level.
    struct Item {
        std::vector<codec::PathStep> within;
        std::map<std::uint32_t, Owner> owners;  // by tag of the creator
    };
    static constexpr std::size_t most_remembered = 65536;

    bool names_creators() const { return !rules_.also.creators.empty() || !rules_.never.creators.empty(); }
    void note_place(const Element&, codec::Path);
    std::optional<codec::RegionKind> choose(const Element&) const;
    std::optional<Owner> owner_of(std::uint32_t tag) const;

    const RegionRules rules_;
    std::vector<Item> items_;               // each within the one before
    std::size_t remembered_ = 0;            // owners in them
    std::optional<std::uint32_t> creator_;  // the element that passes is one
    std::string name_;                      // its value, so far
};

}  // namespace portcullis::image
