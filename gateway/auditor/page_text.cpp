#include <algorithm>

#include "gateway/auditor/page.hpp"
#include "gateway/auditor/table.hpp"

namespace portcullis::auditor {

namespace {

constexpr std::size_t widest = 48;  // of a column that is padded; what is longer is longer

/// Characters, as far as UTF-8 tells.
std::size_t width(std::string_view text) {
    return static_cast<std::size_t>(
        std::count_if(text.begin(), text.end(), [](char c) { return (c & 0xC0) != 0x80; }));
}

std::string padded(const std::string& text, std::size_t to, bool to_the_right) {
    const std::string room(to > width(text) ? to - width(text) : 0, ' ');
    return to_the_right ? room + text : text + room;
}

std::string line_of(const std::vector<std::string>& cells, const std::vector<Column>& columns,
                    const std::vector<std::size_t>& widths) {
    std::string line = "  ";
    for (std::size_t i = 0; i < cells.size(); ++i)
        line += (i == 0 ? "" : "  ") + padded(cells[i], widths[i], columns[i].is_number);
    line.resize(line.find_last_not_of(' ') + 1);
    return line + '\n';
}

/// In lines of a readable length.
std::string wrapped(std::string_view text) {
    constexpr std::size_t longest = 96;
    std::string made;
    while (text.size() > longest) {
        const auto space = text.rfind(' ', longest);
        if (space == std::string_view::npos) break;
        made.append(text.substr(0, space)).append("\n");
        text.remove_prefix(space + 1);
    }
    return made.append(text).append("\n");
}

std::string text(const Table& table) {
    std::vector<std::vector<std::string>> lines(1);
    for (const auto& column : table.columns) lines[0].push_back(column.head);
    for (const auto& row : table.rows) {
        lines.emplace_back();
        for (const auto& cell : row) lines.back().push_back(printable(cell));
    }
    std::vector<std::size_t> widths(table.columns.size());
    for (const auto& cells : lines)
        for (std::size_t i = 0; i < cells.size(); ++i)
            widths[i] = std::max(widths[i], std::min(width(cells[i]), widest));
    std::string made;
    for (const auto& cells : lines) made += line_of(cells, table.columns, widths);
    return made + (table.note.empty() ? "" : "  " + table.note + "\n");
}

std::string block(const std::string& lines) {
    std::string made;
    for (std::size_t at = 0; at < lines.size();) {
        const auto end = std::min(lines.find('\n', at), lines.size());
        made += "  " + printable(std::string_view(lines).substr(at, end - at)) + "\n";
        at = end + 1;
    }
    return made;
}

std::string text(const Section& section) {
    std::string made = "\n" + section.title + "\n" + std::string(width(section.title), '-') + "\n";
    if (!section.lead.empty()) made += wrapped(printable(section.lead));
    for (const auto& table : section.tables)
        if (!table.rows.empty()) made += "\n" + text(table);
    if (!section.commands.empty()) made += "\n";
    for (const auto& command : section.commands) made += block(command);
    return made;
}

}  // namespace

std::string plain_text(const Page& page) {
    std::string made =
        page.title + "\n" + std::string(width(page.title), '=') + "\n" + printable(page.subtitle) + "\n\n";
    std::size_t widest_value = 0;
    for (const auto& figure : page.figures) widest_value = std::max(widest_value, width(figure.value));
    for (const auto& figure : page.figures)
        made += "  " + padded(figure.value, widest_value, true) + "  " + figure.caption + "\n";
    for (const auto& section : page.sections) made += text(section);
    return made;
}

std::string grouped(std::uint64_t number) {
    auto digits = std::to_string(number);
    for (auto i = static_cast<std::ptrdiff_t>(digits.size()) - 3; i > 0; i -= 3)
        digits.insert(static_cast<std::size_t>(i), 1, ' ');
    return digits;
}

}  // namespace portcullis::auditor
