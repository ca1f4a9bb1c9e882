#pragma once
// A page that is read by a person: figures, then sections with tables. Whatever stands in it may come from
// whoever called the gateway: writing it escapes all of it.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace portcullis::auditor {

enum class Tone { plain, good, bad };

/// One number that is seen first.
struct Figure {
    std::string value, caption;
    Tone tone = Tone::plain;
};

struct Column {
    std::string head;
    bool is_number = false;  // set to the right
};

struct Table {
    std::vector<Column> columns;
    std::vector<std::vector<std::string>> rows;
    std::string note = {};  // under it, where not everything is in it
};

/// A part of a whole, drawn as a part of a bar.
struct Share {
    std::string name;
    std::uint64_t count;
    Tone tone;
};

struct Section {
    std::string title;
    std::string lead = {};  // a sentence or two
    std::vector<Share> bar = {};
    std::vector<Table> tables = {};          // those without rows are left out
    std::vector<std::string> commands = {};  // or other text of a machine, which may have several lines
};

struct Page {
    std::string title, subtitle;
    std::vector<Figure> figures;
    std::vector<Section> sections;
};

/// One self-contained document: no scripts, nothing from elsewhere, fit to be printed.
std::string html(const Page&);
/// The same in plain text, UTF-8.
std::string plain_text(const Page&);

/// In groups of three digits: "1 234 567".
std::string grouped(std::uint64_t number);

}  // namespace portcullis::auditor
