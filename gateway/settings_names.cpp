// Names, titles and addresses: what one part of the file says and another relies on.

#include <algorithm>
#include <charconv>

#include "gateway/settings_parts.hpp"

namespace portcullis::settings {

std::optional<std::string> Names::claim(const Value& where, std::vector<std::string>& kind) {
    auto name = read_name(where);
    if (!name) return std::nullopt;
    for (const auto* names : {&archives, &peers, &groups})
        if (std::find(names->begin(), names->end(), *name) != names->end())
            where.refuse("the name " + in_quotes(*name) + " is taken",
                         "give each archive, peer and group a name of its own");
    kind.push_back(*name);
    return name;
}

void TitleOwners::claim(const Value& where, const AeTitle& title, const std::string& owner) {
    const auto [held, claimed] = owners_.emplace(title, owner);
    if (!claimed && held->second != owner)
        where.refuse("the AE title " + in_quotes(title.str()) + " belongs to " + held->second + " already",
                     "a title must lead to one place");
}

std::optional<Origins> read_origins(const Value& value) {
    const auto network = read_network(value);
    if (!network) return std::nullopt;
    const std::string_view text = value.node->text;
    const auto slash = text.find('/');
    const auto base = IpAddress::parse(text.substr(0, slash)).value();
    const bool v6 = base.str().find(':') != std::string::npos;
    int bits = v6 ? 128 : 32;
    if (slash != std::string_view::npos)
        std::from_chars(text.data() + slash + 1, text.data() + text.size(), bits);
    return Origins{*network, base, bits < (v6 ? 16 : 8)};
}

std::optional<std::string> read_label(const Value& value) {
    auto text = read_text(value);
    if (!text) return std::nullopt;
    const bool printable =
        std::all_of(text->begin(), text->end(), [](char c) { return c >= 0x20 && c < 0x7f; });
    if (printable && text->size() <= 64) return text;
    value.refuse(in_quotes(*text) + " is not a label", "use up to 64 printable ASCII characters");
    return std::nullopt;
}

}  // namespace portcullis::settings
