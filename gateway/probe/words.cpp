#include "gateway/probe/words.hpp"

#include <map>

#include "gateway/image/tags.hpp"

namespace portcullis::probe {

std::string syntax_name(const std::string& uid) {
    static const std::map<std::string, std::string> names = {
        {"1.2.840.10008.1.2", "Implicit VR Little Endian"},
        {"1.2.840.10008.1.2.1", "Explicit VR Little Endian"},
        {"1.2.840.10008.1.2.1.99", "Deflated Explicit VR Little Endian"},
        {"1.2.840.10008.1.2.2", "Explicit VR Big Endian"},
        {"1.2.840.10008.1.2.4.50", "JPEG Baseline"},
        {"1.2.840.10008.1.2.4.51", "JPEG Extended"},
        {"1.2.840.10008.1.2.4.57", "JPEG Lossless, Process 14"},
        {"1.2.840.10008.1.2.4.70", "JPEG Lossless"},
        {"1.2.840.10008.1.2.4.80", "JPEG-LS Lossless"},
        {"1.2.840.10008.1.2.4.81", "JPEG-LS Near-Lossless"},
        {"1.2.840.10008.1.2.4.90", "JPEG 2000 Lossless"},
        {"1.2.840.10008.1.2.4.91", "JPEG 2000"},
        {"1.2.840.10008.1.2.4.201", "High-Throughput JPEG 2000 Lossless"},
        {"1.2.840.10008.1.2.5", "RLE Lossless"},
    };
    const auto found = names.find(uid);
    return found == names.end() ? uid : found->second;
}

bool is_lossy(const std::string& uid) {
    return uid == "1.2.840.10008.1.2.4.50" || uid == "1.2.840.10008.1.2.4.51";
}

std::string tag_name(std::uint32_t tag) {
    switch (tag) {
        case image::tag::sop_instance_uid:
            return "SOP Instance UID";
        case image::tag::patient_id:
            return "Patient ID";
        case image::tag::study_instance_uid:
            return "Study Instance UID";
        case image::tag::series_instance_uid:
            return "Series Instance UID";
        default:
            return image::tag::name(tag);
    }
}

std::string joined(const std::vector<std::string>& parts, const std::string& between) {
    std::string text;
    for (const auto& part : parts) text += (text.empty() ? "" : between) + part;
    return text;
}

std::string listed(const std::vector<std::string>& parts) {
    if (parts.size() < 2) return joined(parts, "");
    return joined({parts.begin(), parts.end() - 1}, ", ") + " and " + parts.back();
}

std::string clauses(const std::vector<Clause>& all, const std::vector<std::string>& rest) {
    std::vector<std::string> parts;
    for (const auto& clause : all)
        if (!clause.of.empty()) parts.push_back(clause.says + listed(clause.of));
    parts.insert(parts.end(), rest.begin(), rest.end());
    return joined(parts, "; ");
}

}  // namespace portcullis::probe
