#include "gateway/auditor/report.hpp"

#include <array>

#include "gateway/auditor/conditions.hpp"
#include "gateway/auditor/report_sections.hpp"
#include "gateway/auditor/times.hpp"
#include "gateway/auditor/window.hpp"

namespace portcullis::auditor {

namespace {

/// "29 November 2026".
std::string spelled(const std::string& day) {
    constexpr std::array<std::string_view, 12> months = {"January",   "February", "March",    "April",
                                                         "May",       "June",     "July",     "August",
                                                         "September", "October",  "November", "December"};
    const auto month = static_cast<std::size_t>(std::stoi(day.substr(5, 2)));
    return std::to_string(std::stoi(day.substr(8, 2))) + ' ' + std::string(months.at(month - 1)) + ' ' +
           day.substr(0, 4);
}

Figure counted(std::uint64_t count, const std::string& caption, Tone if_any) {
    return {grouped(count), caption, count > 0 ? if_any : Tone::plain};
}

std::vector<Figure> figures(const DayOfLog& read) {
    const auto& sums = read.sums;
    std::uint64_t delivered = 0;
    for (const auto& [asker, access] : sums.accesses) delivered += access.delivered();
    return {counted(delivered, "objects retrieved or pushed", Tone::plain),
            counted(sums.stored.stored(), "objects stored", Tone::plain),
            {sealed_share(sums.stored), "of stored objects sealed",
             sums.stored.passed > 0 ? Tone::bad : Tone::good},
            counted(sums.refusals.count(), "refused", Tone::plain),
            counted(sums.alerts.count, "alerts", Tone::bad),
            read.chain.fault().empty() ? Figure{"unbroken", "chain of the day's records", Tone::good}
                                       : Figure{"broken", "chain of the day's records", Tone::bad}};
}

}  // namespace

DayOfLog read_day(const std::filesystem::path& log, const std::string& day) {
    DayOfLog read{day, {}, Chain(log)};
    const Conditions asked{.from = first_moment(day).value(), .to = last_moment(day).value()};
    const Matcher of_day(asked, std::nullopt);
    Window lines(log, asked.from, asked.to);
    while (const auto line = lines.next()) {
        read.chain.follow(*line);
        if (!of_day.may_match(*line)) continue;
        if (const auto logged = audit::parse(*line)) read.sums.add(*logged);
    }
    return read;
}

Page report(const DayOfLog& read, const std::string& place) {
    const auto& sums = read.sums;
    Page page;
    page.title = "Audit report, " + spelled(read.day);
    page.subtitle = sums.records == 0 ? "No record of this day (UTC)."
                                      : "Records " + grouped(sums.first) + " to " + grouped(sums.last) +
                                            " of the log, " + grouped(sums.records) + " of this day (UTC).";
    page.figures = figures(read);
    page.sections = {retrieved(sums),  absent(sums),   refused(sums), alerts(sums),
                     exceptions(sums), coverage(sums), keys(sums),    troubles(sums)};
    if (sums.observed.count() > 0) page.sections.push_back(observed(sums));
    page.sections.push_back(service(sums));
    page.sections.push_back(integrity(read, place));
    return page;
}

}  // namespace portcullis::auditor
