#include "gateway/auditor/csv.hpp"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "gateway/auditor/outcome.hpp"

namespace portcullis::auditor {

namespace {

constexpr std::array<std::string_view, 20> values_with_column = {
    "phase",  "outcome",  "operation",   "calling_ae", "called_ae",    "address", "user",
    "peer",   "archive",  "destination", "sop_class",  "sop_instance", "study",   "patient_id",
    "status", "decision", "rule",        "reason",     "detail",       "bytes"};

bool is_one_of(char c, std::string_view characters) {
    return characters.find(c) != std::string_view::npos;
}

/// With an apostrophe wherever a formula may begin: a spreadsheet that is told of another separator takes
/// what stands behind that for a value.
std::string without_formulas(std::string_view text) {
    std::string value;
    for (char before = ';'; const char c : text) {
        if ((value.empty() && is_one_of(c, "\t\r")) || (is_one_of(before, ";\t") && is_one_of(c, "=+-@")))
            value += '\'';
        value += before = c;
    }
    return value;
}

std::string field(std::string_view text) {
    const auto value = without_formulas(text);
    if (value.find_first_of(",;\t\"\r\n") == std::string::npos) return value;
    std::string quoted = "\"";
    for (const char c : value) quoted.append(c == '"' ? 2 : 1, c);
    return quoted + '"';
}

bool has_column(std::string_view name) {
    return std::find(values_with_column.begin(), values_with_column.end(), name) != values_with_column.end();
}

std::string rest(const audit::Logged& logged) {
    auto json = nlohmann::ordered_json::object();
    for (const auto& [name, value] : logged.record.values)
        if (!has_column(name)) std::visit([&, key = name](const auto& known) { json[key] = known; }, value);
    // The event's own word for its outcome, where it says more than the column does.
    if (const auto said = logged.text("outcome"); !said.empty()) json["outcome"] = said;
    return json.empty() ? "" : json.dump(-1, ' ', true);
}

}  // namespace

std::string csv_head() {
    std::string head = "seq,time,event";
    for (const auto name : values_with_column) head.append(",").append(name);
    return head.append(",rest\r\n");
}

std::string csv_row(const audit::Logged& logged) {
    std::string row =
        std::to_string(logged.seq) + ',' + field(logged.time) + ',' + field(logged.record.event);
    for (const auto column : values_with_column)
        row +=
            ',' + (column == "outcome" ? std::string(name(outcome_of(logged))) : field(logged.text(column)));
    return row + ',' + field(rest(logged)) + "\r\n";
}

}  // namespace portcullis::auditor
