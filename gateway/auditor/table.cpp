#include "gateway/auditor/table.hpp"

#include <algorithm>
#include <array>

#include "gateway/auditor/outcome.hpp"

namespace portcullis::auditor {

namespace {

constexpr std::array<std::string_view, 5> in_columns = {"phase", "outcome", "calling_ae", "address", "user"};

std::string column(std::string text, std::size_t width) {
    text.resize(std::max(width, text.size()), ' ');
    return text + "  ";
}

std::string row(const std::string& seq, const std::string& time, const std::string& event,
                const std::string& outcome, const std::string& who, const std::string& what) {
    auto text = std::string(seq.size() < 9 ? 9 - seq.size() : 0, ' ') + seq + "  " + column(time, 23) +
                column(event, 17) + column(outcome, 7) + column(who, 28) + what;
    text.resize(text.find_last_not_of(' ') + 1);
    return text;
}

std::string joined(const std::string& one, const std::string& other) {
    return one + (one.empty() || other.empty() ? "" : " ") + other;
}

/// "2026-11-29 14:05:00.123".
std::string time_column(std::string time) {
    std::replace(time.begin(), time.end(), 'T', ' ');
    if (time.ends_with('Z')) time.pop_back();
    return printable(time);
}

}  // namespace

std::string printable(std::string_view text) {
    std::string clean(text);
    for (std::size_t i = 0; i < clean.size(); ++i) {
        const auto byte = static_cast<unsigned char>(clean[i]);
        const bool c1 =
            byte == 0xC2 && i + 1 < clean.size() && static_cast<unsigned char>(clean[i + 1]) < 0xA0;
        if (c1) clean.erase(i, 1);
        if (c1 || byte < ' ' || byte == 0x7F) clean[i] = '?';
    }
    return clean;
}

std::string table_head() {
    return row("record", "time (UTC)", "event", "outcome", "who", "what");
}

std::string table_row(const audit::Logged& logged) {
    const auto outcome = outcome_of(logged);
    const auto said = logged.text("outcome");
    std::string what;
    for (const auto& [name, value] : logged.record.values) {
        const auto text = logged.text(name);
        if (text.empty() || std::find(in_columns.begin(), in_columns.end(), name) != in_columns.end())
            continue;
        what += (what.empty() ? "" : ", ") + printable(name) + ' ' + printable(text);
    }
    const auto user = logged.text("user");
    const auto who = joined(joined(logged.text("calling_ae"), logged.text("address")),
                            user.empty() ? "" : "(" + user + ")");
    return row(
        std::to_string(logged.seq), time_column(logged.time),
        printable(joined(logged.record.event, logged.text("phase").empty() ? said : logged.text("phase"))),
        std::string(name(outcome)), printable(who), what);
}

}  // namespace portcullis::auditor
