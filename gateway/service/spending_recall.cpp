// What was spent, and what is granted, before a start: as the audit log tells it.

#include <algorithm>
#include <charconv>
#include <functional>

#include "gateway/audit/line.hpp"
#include "gateway/audit/reader.hpp"
#include "gateway/audit/since.hpp"
#include "gateway/base/rfc3339.hpp"
#include "gateway/service/operations.hpp"
#include "gateway/service/spending.hpp"

namespace portcullis::service {

namespace {

using std::chrono::system_clock;

/// Whether it can be about spending, without reading it as JSON: a log has many lines.
bool may_matter(std::string_view line) {
    return line.find("\"charged\":true") != std::string_view::npos ||
           line.find("\"event\":\"grant\"") != std::string_view::npos;
}

/// Every record of the log from this time on that may matter. Those that stand before an older one, since the
/// clock was put back, are found if it was put back no more than an hour.
void each_since(const std::filesystem::path& folder, system_clock::time_point begin,
                const std::function<void(const audit::Logged&)>& use) {
    audit::Reader reader(folder, audit::first_since(folder, begin - std::chrono::hours(1)));
    const auto first = rfc3339(begin);
    while (const auto line = reader.next()) {
        if (audit::time_text(*line) < first || !may_matter(*line)) continue;
        if (const auto record = audit::parse(*line)) use(*record);
    }
}

/// 0 if there is none.
std::uint64_t number(const audit::Logged& record, std::string_view name) {
    const auto text = record.text(name);
    std::uint64_t number = 0;
    std::from_chars(text.data(), text.data() + text.size(), number);
    return number;
}

policy::Grant grant_in(const audit::Logged& record, policy::Seconds then) {
    const auto user = record.text("user");
    return {record.text("budget"),
            user.empty() ? policy::Subject{policy::Per::peer, record.text("peer")}
                         : policy::Subject{policy::Per::user, user},
            {number(record, "objects"), number(record, "studies"), number(record, "bytes")},
            then + number(record, "seconds")};
}

}  // namespace

void Spending::recall(const std::filesystem::path& audit_folder) {
    policy::Seconds window = 0;
    for (const auto& budget : access_.get()->budgets) window = std::max(window, budget.window);
    if (window == 0) return;
    const auto time = system_clock::now();
    const std::chrono::seconds back(std::max(window, policy::longest_grant));
    each_since(audit_folder, time - back,
               [&](const audit::Logged& record) { recall(record, since_1970(time)); });
}

/// What left while it was not known how it would end is recorded as refused, with the bytes that did.
void Spending::recall(const audit::Logged& record, policy::Seconds now) {
    const auto time = parse_rfc3339(record.time);
    if (!time) return;
    const auto then = since_1970(*time);
    if (record.record.event == "grant") return accounts_.grant(grant_in(record, then), now);
    const bool ended = record.text("phase") == "outcome" || record.text("phase") == "refused";
    const auto operation = record.text("operation").empty() ? record.record.event : record.text("operation");
    if (operation != policy::name(policy::Operation::retrieve) || !ended || record.text("charged") != "true")
        return;
    policy::Spender spender{record.text("from"), std::nullopt, record.text("rule")};
    if (auto user = record.text("user"); !user.empty()) spender.user = std::move(user);
    const auto access = access_.get();
    accounts_.recall(access->bounds_of(spender), {1, number(record, "bytes"), record.text("study")}, then,
                     now);
}

}  // namespace portcullis::service
