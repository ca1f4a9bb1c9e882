// returned: what is done with an object whose recorded attributes are not those that were sealed, and with
// one that was stored anew since.

#include <array>
#include <string_view>

#include "gateway/settings_parts.hpp"

namespace portcullis::settings {

namespace {

constexpr std::string_view identifiers = "identifiers";
constexpr std::string_view geometry = "geometry";

struct Attribute {
    std::string_view name;
    std::uint32_t tag;
    std::string_view kind;
};

/// Every attribute of the recorded context (FORMAT.md).
constexpr std::array attributes = {
    Attribute{"accession_number", 0x00080050, identifiers},
    Attribute{"patient_id", 0x00100020, identifiers},
    Attribute{"issuer_of_patient_id", 0x00100021, identifiers},
    Attribute{"study_instance_uid", 0x0020000D, identifiers},
    Attribute{"series_instance_uid", 0x0020000E, identifiers},
    Attribute{"image_position", 0x00200032, geometry},
    Attribute{"image_orientation", 0x00200037, geometry},
    Attribute{"laterality", 0x00200060, geometry},
    Attribute{"pixel_spacing", 0x00280030, geometry},
    Attribute{"rescale_intercept", 0x00281052, geometry},
    Attribute{"rescale_slope", 0x00281053, geometry},
};

void set_kind(Returned& returned, std::string_view kind, OnChanged what) {
    for (const Attribute& attribute : attributes)
        if (attribute.kind == kind) returned.set(attribute.tag, what);
}

}  // namespace

Returned default_returned() {
    Returned returned;
    set_kind(returned, identifiers, OnChanged::warn);
    set_kind(returned, geometry, OnChanged::refuse);
    return returned;
}

std::optional<Returned> read_returned(const Value& value) {
    const Choice<OnChanged> choice{
        {{"open", OnChanged::open}, {"warn", OnChanged::warn}, {"refuse", OnChanged::refuse}}};
    Section section(value);
    auto returned = default_returned();
    for (const auto kind : {identifiers, geometry})
        if (const auto of_kind = section.find(std::string(kind)))
            if (const auto what = choice(*of_kind)) set_kind(returned, kind, *what);
    // An attribute's own word counts more than that of its kind.
    for (const Attribute& attribute : attributes)
        if (const auto of_attribute = section.find(std::string(attribute.name)))
            if (const auto what = choice(*of_attribute)) returned.set(attribute.tag, *what);
    section.read("older", returned.older, choice);
    section.finish();
    return returned;
}

}  // namespace portcullis::settings
