#include "gateway/service/opened.hpp"

#include <algorithm>

#include "gateway/image/tags.hpp"

namespace portcullis::service {

namespace {

constexpr std::size_t most_names = 64;
constexpr std::size_t most_listed = 100;

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

std::string listed(const std::vector<Uid>& uids) {
    std::string text;
    for (std::size_t i = 0; i < std::min(uids.size(), most_listed); ++i)
        text += (i ? " " : "") + uids[i].str();
    return text;
}

void describe(const image::Identifiers& known, std::vector<std::pair<std::string, audit::Value>>& values) {
    if (known.study) values.emplace_back("study", known.study->str());
    if (!known.patient_id.empty()) values.emplace_back("patient_id", known.patient_id);
}

void describe(const image::RetrieveScope& scope, std::vector<std::pair<std::string, audit::Value>>& values) {
    if (!scope.studies.empty())
        values.emplace_back(scope.studies.size() == 1 ? "study" : "study_uids", listed(scope.studies));
    if (scope.patient_ids.size() == 1) values.emplace_back("patient_id", scope.patient_ids.front());
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
