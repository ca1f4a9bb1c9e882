#include <algorithm>

#include "gateway/auditor/page.hpp"
#include "gateway/auditor/table.hpp"
#include "gateway/base/html.hpp"

namespace portcullis::auditor {

namespace {

constexpr std::string_view style = R"(
:root { --ink: #1d2430; --soft: #667085; --line: #dfe3e8; --good: #2f6f5e; --bad: #a8322b; --paper: #ffffff; }
* { box-sizing: border-box; }
body { margin: 0; background: #f3f4f6; color: var(--ink);
       font: 14px/1.5 "Inter", "Segoe UI", "Helvetica Neue", "DejaVu Sans", Arial, sans-serif; }
main { max-width: 1080px; margin: 32px auto; padding: 48px 56px 40px; background: var(--paper);
       border: 1px solid var(--line); }
header { border-bottom: 2px solid var(--ink); padding-bottom: 18px; }
h1 { margin: 0; font-size: 27px; font-weight: 600; letter-spacing: -0.01em; line-height: 1.2; }
header p { margin: 6px 0 0; color: var(--soft); overflow-wrap: anywhere; }
.figures { display: grid; grid-template-columns: repeat(auto-fit, minmax(130px, 1fr)); gap: 0 28px;
           margin: 26px 0 8px; }
.figures div { border-top: 1px solid var(--line); padding: 10px 0 12px; }
.figures b { display: block; font-size: 25px; font-weight: 600; line-height: 1.25;
             font-variant-numeric: tabular-nums; }
.figures span { color: var(--soft); font-size: 12.5px; }
.good { color: var(--good); } .bad { color: var(--bad); }
section { margin-top: 34px; }
h2 { margin: 0 0 6px; font-size: 16px; font-weight: 600; }
section > p { margin: 0 0 10px; color: var(--soft); max-width: 76ch; }
section > p.note { margin: 6px 0 0; font-size: 12.5px; }
table { width: 100%; border-collapse: collapse; margin: 8px 0 0; font-size: 12.5px; }
th, td { padding: 6px 14px 6px 0; text-align: left; vertical-align: top; border-bottom: 1px solid var(--line);
         overflow-wrap: anywhere; unicode-bidi: isolate; }
th { color: var(--soft); font-weight: 500; border-bottom-color: #b9c0ca; white-space: nowrap; }
.n { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
.s { white-space: nowrap; }
table:has(th:nth-child(2):last-child) { width: auto; min-width: 52ch; }
th:last-child, td:last-child { padding-right: 0; }
.bar { display: flex; height: 12px; margin: 12px 0 8px; background: var(--line); }
.bar i { display: block; background: #98a2b3; border-right: 1px solid var(--paper); }
.bar i.good { background: var(--good); } .bar i.bad { background: var(--bad); }
pre { margin: 8px 0 0; padding: 10px 14px; background: #f7f8fa; border-left: 2px solid #b9c0ca; font-size: 12px;
      white-space: pre-wrap; overflow-wrap: anywhere; }
@page { size: A4; margin: 16mm 14mm; }
@media print {
  body { background: none; font-size: 11px; }
  main { max-width: none; margin: 0; padding: 0; border: 0; }
  section { margin-top: 22px; }
  h2, section > p { break-after: avoid; }
  tr, pre, .figures div { break-inside: avoid; }
  thead { display: table-header-group; }
  table { font-size: 9.5px; }
  .bar i, pre { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
}
)";

constexpr std::size_t short_cell = 16;  // bytes; stays on one line, as times do

std::string escaped(std::string_view text) {
    return html_escaped(printable(text));
}

std::string_view name(Tone tone) {
    return tone == Tone::good ? "good" : tone == Tone::bad ? "bad" : "plain";
}

std::string element(std::string_view name, std::string_view text, std::string_view its_class = {}) {
    std::string made = "<" + std::string(name);
    if (!its_class.empty()) made.append(" class=\"").append(its_class).append("\"");
    return made.append(">").append(escaped(text)).append("</").append(name).append(">");
}

std::string row(const std::vector<Column>& columns, const std::vector<std::string>& cells,
                std::string_view cell) {
    std::string made = "<tr>";
    for (std::size_t i = 0; i < cells.size(); ++i)
        made += element(cell, cells[i],
                        columns[i].is_number            ? "n"
                        : cells[i].size() <= short_cell ? "s"
                                                        : "");
    return made + "</tr>\n";
}

std::string html(const Table& table) {
    if (table.rows.empty()) return {};
    std::vector<std::string> heads;
    for (const auto& column : table.columns) heads.push_back(column.head);
    std::string made = "<table>\n<thead>" + row(table.columns, heads, "th") + "</thead>\n<tbody>\n";
    for (const auto& cells : table.rows) made += row(table.columns, cells, "td");
    made += "</tbody>\n</table>\n";
    return made + (table.note.empty() ? "" : element("p", table.note, "note") + "\n");
}

/// Parts that are there are seen, however small.
std::string html(const std::vector<Share>& bar) {
    std::string made;
    for (const auto& share : bar)
        if (share.count > 0)
            made += "<i class=\"" + std::string(name(share.tone)) +
                    "\" style=\"flex: " + std::to_string(share.count) + " 1 3px\" title=\"" +
                    escaped(share.name) + "\"></i>";
    return made.empty() ? made : "<div class=\"bar\">" + made + "</div>\n";
}

std::string block(const std::string& lines) {
    std::string made = "<pre>";
    for (std::size_t at = 0; at < lines.size();) {
        const auto end = std::min(lines.find('\n', at), lines.size());
        made += (at == 0 ? "" : "\n") + escaped(std::string_view(lines).substr(at, end - at));
        at = end + 1;
    }
    return made + "</pre>\n";
}

std::string html(const Section& section) {
    std::string made = "<section>\n" + element("h2", section.title) + "\n";
    if (!section.lead.empty()) made += element("p", section.lead) + "\n";
    made += html(section.bar);
    for (const auto& table : section.tables) made += html(table);
    for (const auto& command : section.commands) made += block(command);
    return made + "</section>\n";
}

}  // namespace

std::string html(const Page& page) {
    std::string made =
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
        "<meta name=\"viewport\" content=\"width=device-width\">\n";
    made += element("title", page.title) + "\n<style>" + std::string(style) +
            "</style>\n</head>\n<body>\n<main>\n";
    made += "<header>\n" + element("h1", page.title) + "\n" + element("p", page.subtitle) + "\n</header>\n";
    made += "<div class=\"figures\">\n";
    for (const auto& figure : page.figures)
        made += "<div>" + element("b", figure.value, name(figure.tone)) + element("span", figure.caption) +
                "</div>\n";
    made += "</div>\n";
    for (const auto& section : page.sections) made += html(section);
    return made + "</main>\n</body>\n</html>\n";
}

}  // namespace portcullis::auditor
