#include "gateway/image/query.hpp"

#include <algorithm>
#include <map>

#include "gateway/image/attributes.hpp"
#include "gateway/image/deflate.hpp"
#include "gateway/image/element.hpp"
#include "gateway/image/error.hpp"
#include "gateway/image/scan.hpp"
#include "gateway/image/tags.hpp"

namespace portcullis::image {

namespace {

constexpr std::size_t largest_identifier = 1024 * 1024;

/// Keeps the plain top-level values of an Identifier.
class Values final : public ScanHandler {
  public:
    Result<void> begin_element(const Element& element, ByteView) override {
        current_ = element.form == Form::plain ? &values_[element.tag] : nullptr;
        return {};
    }
    Result<void> value(ByteView bytes) override {
        if (current_) current_->append(as_text(bytes));
        return {};
    }
    Result<void> end_element() override { return {}; }
    Result<void> begin_item(std::uint32_t, ByteView) override { return {}; }
    Result<void> end_item() override { return {}; }

    /// The values of an element, between backslashes, without padding and without empty ones.
    std::vector<std::string> list(std::uint32_t tag) const {
        std::vector<std::string> list;
        const auto found = values_.find(tag);
        std::string_view left = found == values_.end() ? std::string_view() : std::string_view(found->second);
        while (!left.empty()) {
            const std::size_t end = std::min(left.find('\\'), left.size());
            const auto value = without_padding(left.substr(0, end));
            if (!value.empty()) list.emplace_back(value);
            left.remove_prefix(std::min(end + 1, left.size()));
        }
        return list;
    }

    Result<std::vector<Uid>> uids(std::uint32_t tag) const {
        std::vector<Uid> uids;
        for (const auto& text : list(tag)) {
            const auto uid = Uid::parse(text);
            if (!uid) return errc::malformed;
            uids.push_back(*uid);
        }
        return uids;
    }

  private:
    std::map<std::uint32_t, std::string> values_;
    std::string* current_ = nullptr;
};

Result<Values> read_values(ByteView data_set, Encoding encoding) {
    Values values;
    Scanner scanner(encoding, values);
    if (auto scanned = scanner.push(data_set); !scanned) return scanned.error();
    if (auto finished = scanner.finish(); !finished) return finished.error();
    return values;
}

Result<Values> read_values(ByteView identifier, const TransferSyntax& syntax) {
    if (identifier.size() > largest_identifier) return errc::malformed;
    if (!syntax.deflated) return read_values(identifier, syntax.encoding);
    const auto data_set = inflated(identifier, largest_identifier);
    if (!data_set) return data_set.error();
    return read_values(*data_set, syntax.encoding);
}

bool admits(const std::vector<Uid>& asked, const std::optional<Uid>& uid) {
    return asked.empty() || (uid && std::find(asked.begin(), asked.end(), *uid) != asked.end());
}

}  // namespace

bool RetrieveScope::empty() const {
    return patient_ids.empty() && studies.empty() && series.empty() && instances.empty();
}

bool RetrieveScope::covers(const Identifiers& object) const {
    const bool patient = patient_ids.empty() || std::find(patient_ids.begin(), patient_ids.end(),
                                                          object.patient_id) != patient_ids.end();
    return !empty() && patient && admits(studies, object.study) && admits(series, object.series) &&
           admits(instances, object.sop_instance);
}

Result<RetrieveScope> read_scope(ByteView identifier, const TransferSyntax& syntax) {
    const auto values = read_values(identifier, syntax);
    if (!values) return values.error();
    auto studies = values->uids(tag::study_instance_uid);
    auto series = values->uids(tag::series_instance_uid);
    auto instances = values->uids(tag::sop_instance_uid);
    if (!studies || !series || !instances) return errc::malformed;
    const auto level = values->list(tag::query_retrieve_level);
    return RetrieveScope{level.empty() ? std::string() : level.front(), values->list(tag::patient_id),
                         std::move(*studies), std::move(*series), std::move(*instances)};
}

Result<std::vector<Uid>> read_failed_list(ByteView identifier, const TransferSyntax& syntax) {
    const auto values = read_values(identifier, syntax);
    if (!values) return values.error();
    return values->uids(tag::failed_sop_instance_uid_list);
}

Bytes write_failed_list(const std::vector<Uid>& failed, const TransferSyntax& syntax) {
    std::string list;
    for (const Uid& uid : failed) list += (list.empty() ? "" : "\\") + uid.str();
    if (list.size() % 2 != 0) list += '\0';

    Bytes data_set;
    // A list longer than a UI can say is a UN (PS3.5 6.2.2).
    append_header(data_set, tag::failed_sop_instance_uid_list, list.size() <= 0xFFFF ? "UI" : "UN",
                  static_cast<std::uint32_t>(list.size()), syntax.encoding);
    append(data_set, as_bytes(list));
    return syntax.deflated ? deflated(data_set) : data_set;
}

}  // namespace portcullis::image
