#include "gateway/scu/listing.hpp"

#include <set>

#include "gateway/dimse/hex.hpp"
#include "gateway/dimse/status.hpp"
#include "gateway/image/tags.hpp"

namespace portcullis::scu {

namespace {

namespace tag = image::tag;

std::optional<Uid> uid_of(const Keys& keys, std::uint32_t tag) {
    const auto found = keys.find(tag);
    return found == keys.end() ? std::nullopt : Uid::parse(found->second);
}

void find_all(Client& client, const Keys& keys, const OnMatch& on_match) {
    const auto answer = client.find(keys, on_match);
    if (answer.status == dimse::status::success) return;
    throw Failed(client.where() + ": C-FIND ended with status " + dimse::hex(answer.status) +
                 (answer.comment.empty() ? "" : " (" + answer.comment + ")"));
}

std::vector<Uid> list(Client& client, const Keys& keys, std::uint32_t tag) {
    std::set<Uid> seen;  // some archives answer once for each instance
    std::vector<Uid> uids;
    find_all(client, keys, [&](const Keys& match) {
        const auto uid = uid_of(match, tag);
        if (uid && seen.insert(*uid).second) uids.push_back(*uid);
    });
    return uids;
}

}  // namespace

std::vector<Uid> list_studies(Client& client, const Keys& restricted_to) {
    Keys keys = restricted_to;
    keys[tag::query_retrieve_level] = "STUDY";
    keys.emplace(tag::study_instance_uid, "");
    return list(client, keys, tag::study_instance_uid);
}

std::vector<Uid> list_series(Client& client, const Uid& study) {
    return list(client,
                {{tag::query_retrieve_level, "SERIES"},
                 {tag::study_instance_uid, study.str()},
                 {tag::series_instance_uid, ""}},
                tag::series_instance_uid);
}

std::vector<Uid> classes_to_get(std::vector<Uid> named) {
    if (!named.empty()) return named;
    for (const auto* usual : {"1.2.840.10008.5.1.4.1.1.2",     // CT
                              "1.2.840.10008.5.1.4.1.1.4",     // MR
                              "1.2.840.10008.5.1.4.1.1.1",     // CR
                              "1.2.840.10008.5.1.4.1.1.1.1",   // digital X-ray
                              "1.2.840.10008.5.1.4.1.1.6.1",   // ultrasound
                              "1.2.840.10008.5.1.4.1.1.7",     // secondary capture
                              "1.2.840.10008.5.1.4.1.1.3.1"})  // ultrasound, multi-frame
        named.push_back(*Uid::parse(usual));
    return named;
}

std::vector<ListedInstance> list_instances(Client& client, const Uid& study, const Uid& series) {
    std::set<Uid> seen;
    std::vector<ListedInstance> instances;
    find_all(client,
             {{tag::query_retrieve_level, "IMAGE"},
              {tag::study_instance_uid, study.str()},
              {tag::series_instance_uid, series.str()},
              {tag::sop_instance_uid, ""},
              {tag::sop_class_uid, ""}},
             [&](const Keys& match) {
                 const auto uid = uid_of(match, tag::sop_instance_uid);
                 if (uid && seen.insert(*uid).second)
                     instances.push_back({*uid, uid_of(match, tag::sop_class_uid)});
             });
    return instances;
}

}  // namespace portcullis::scu
