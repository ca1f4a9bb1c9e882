#include "gateway/service/opened.hpp"

#include <algorithm>

#include "gateway/image/tags.hpp"

namespace portcullis::service {

namespace {

constexpr std::size_t most_names = 64;

template <class Place>
std::string names(const std::vector<Place>& places) {
    std::string names;
    for (std::size_t i = 0; i < std::min(places.size(), most_names); ++i)
        names += (i == 0 ? "" : " ") + image::tag::name(places[i]);
    if (places.size() > most_names) names += " and " + std::to_string(places.size() - most_names) + " more";
    return names;
}

}  // namespace

std::string names_of(const std::vector<std::uint32_t>& tags) {
    return names(tags);
}

std::string names_of(const std::vector<codec::Path>& paths) {
    return names(paths);
}

void describe(const image::Opened& opened, std::vector<std::pair<std::string, audit::Value>>& values) {
    const auto name_all = [&](const std::string& what, const std::string& names) {
        if (!names.empty()) values.emplace_back(what, names);
    };
    name_all("changed", names_of(opened.differing));
    name_all("missing", names_of(opened.missing));
    name_all("edited", names_of(opened.edited));
    if (opened.superseded) values.emplace_back("superseded", true);
}

}  // namespace portcullis::service
