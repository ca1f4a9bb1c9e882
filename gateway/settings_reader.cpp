#include "gateway/settings_reader.hpp"

#include <algorithm>
#include <numeric>

namespace portcullis::settings {

namespace {

constexpr std::size_t most_lines = 100;

/// Levenshtein's distance.
std::size_t distance(const std::string& a, const std::string& b) {
    std::vector<std::size_t> row(b.size() + 1);
    std::iota(row.begin(), row.end(), std::size_t{0});
    for (std::size_t i = 1; i <= a.size(); ++i) {
        std::size_t diagonal = std::exchange(row[0], i);
        for (std::size_t j = 1; j <= b.size(); ++j) {
            const std::size_t substituted = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
            diagonal = row[j];
            row[j] = std::min({substituted, row[j] + 1, row[j - 1] + 1});
        }
    }
    return row.back();
}

std::string printable(const std::string& text, std::size_t most) {
    std::string shown = text.substr(0, most);
    for (char& c : shown)
        if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) c = '?';
    return text.size() > most ? shown + "..." : shown;
}

std::string joined(const std::vector<std::string>& names) {
    std::string text;
    for (const auto& name : names) text += (text.empty() ? "" : ", ") + name;
    return text;
}

}  // namespace

void Problems::add(Mark at, const std::string& key, const std::string& what, const std::string& remedy) {
    lines_.emplace_back(at, (key.empty() ? "" : key + ": ") + what + "; " + remedy);
}

std::string Problems::str(const std::string& file) const {
    auto sorted = lines_;
    std::sort(sorted.begin(), sorted.end());
    // A key that is looked at twice is still one error.
    sorted.erase(std::unique(sorted.begin(), sorted.end()), sorted.end());
    std::string text;
    for (std::size_t i = 0; i < std::min(sorted.size(), most_lines); ++i) {
        const auto& [at, line] = sorted[i];
        text += (i ? "\n" : "") + file + ':' + std::to_string(at.line) + ':' + std::to_string(at.column) +
                ": " + line;
    }
    if (sorted.size() > most_lines)
        text += '\n' + file + ": " + std::to_string(sorted.size() - most_lines) +
                " more errors; correct these first";
    return text;
}

std::string in_quotes(const std::string& text, std::size_t most) {
    return '\'' + printable(text, most) + '\'';
}

std::optional<std::string> nearest(const std::string& text, const std::vector<std::string>& names) {
    constexpr std::size_t longest = 64;  // the distance costs the product of the lengths
    if (text.size() > longest) return std::nullopt;
    std::optional<std::string> best;
    std::size_t least = std::min<std::size_t>(3, text.size());
    for (const auto& name : names) {
        if (name.size() > longest) continue;
        const std::size_t away = distance(text, name);
        if (away < least) {
            least = away;
            best = name;
        }
    }
    return best;
}

std::string advice(const std::string& text, const std::vector<std::string>& names) {
    if (const auto near = nearest(text, names)) return "did you mean " + *near + '?';
    return names.size() == 1 ? "write " + names.front() : "write one of " + joined(names);
}

Section::Section(Value value) : value_(std::move(value)) {
    if (!is_mapping()) value_.refuse("a mapping is expected", "write key: value pairs");
}

std::string Section::path(const std::string& key) const {
    return (value_.key.empty() ? "" : value_.key + '.') + printable(key, 40);
}

std::optional<Value> Section::find(const std::string& key) {
    known_.push_back(key);
    if (!is_mapping()) return std::nullopt;
    const auto& keys = value_.node->keys;
    const auto found = std::find_if(keys.begin(), keys.end(),
                                    [&](const Node::Key& candidate) { return candidate.name == key; });
    if (found == keys.end()) return std::nullopt;
    const Node& item = value_.node->items[static_cast<std::size_t>(found - keys.begin())];
    if (item.kind == Node::Kind::nothing) {
        value_.problems->add(found->at, path(key), "a value is missing", "write one, or remove the key");
        return std::nullopt;
    }
    return Value{&item, path(key), value_.problems};
}

std::optional<Value> Section::require(const std::string& key) {
    auto value = find(key);
    const auto& keys = value_.node->keys;
    const bool written = std::any_of(keys.begin(), keys.end(),
                                     [&](const Node::Key& candidate) { return candidate.name == key; });
    if (is_mapping() && !written)
        value_.problems->add(value_.node->at, path(key), "missing", "it has no default, add it");
    return value;
}

void Section::later(std::initializer_list<const char*> keys) {
    later_.insert(later_.end(), keys.begin(), keys.end());
}

void Section::finish() const {
    const auto is_in = [](const std::vector<std::string>& names, const std::string& name) {
        return std::find(names.begin(), names.end(), name) != names.end();
    };
    for (const auto& [name, at, repeated] : value_.node->keys) {
        const auto note = [&, &where = at, &key = name](const std::string& what, const std::string& remedy) {
            value_.problems->add(where, path(key), what, remedy);
        };
        if (repeated)
            note("duplicate key", "keep one");
        else if (is_in(later_, name))
            note(not_in_this_version, remove_it);
        else if (!is_in(known_, name))
            note("unknown key", advice(name, known_));
    }
}

}  // namespace portcullis::settings
