#include "gateway/scu/holdings.hpp"

#include "gateway/dimse/status.hpp"
#include "gateway/image/tags.hpp"
#include "gateway/scu/listing.hpp"

namespace portcullis::scu {

namespace tag = image::tag;

Held Holdings::has(const std::string& series, const Uid& sop_instance) {
    const auto uid = Uid::parse(series);
    if (uid && of(*uid).contains(sop_instance)) return Held::yes;
    return elsewhere(sop_instance);
}

const std::set<Uid>& Holdings::of(const Uid& series) {
    const auto known = series_.find(series);
    if (known != series_.end()) return known->second;
    auto& instances = series_[series];
    for (auto& listed : list_instances(client_, study_, series))
        instances.insert(std::move(listed.sop_instance));
    return instances;
}

/// In another series or study. Not every archive finds an instance without what is above it.
Held Holdings::elsewhere(const Uid& sop_instance) {
    bool there = false;
    const auto answer =
        client_.find({{tag::query_retrieve_level, "IMAGE"},
                      {tag::study_instance_uid, ""},
                      {tag::series_instance_uid, ""},
                      {tag::sop_instance_uid, sop_instance.str()}},
                     [&](const Keys& match) {
                         const auto found = match.find(tag::sop_instance_uid);
                         there = there || (found != match.end() && found->second == sop_instance.str());
                     });
    if (there) return Held::yes;
    return answer.status == dimse::status::success ? Held::no : Held::unknown;
}

}  // namespace portcullis::scu
