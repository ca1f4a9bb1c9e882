#pragma once
// How values are read from the tree: each reader gives the value, or notes what is wrong with it and gives
// nothing, so that one run names every error of a file.

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "gateway/base/address.hpp"
#include "gateway/base/names.hpp"
#include "gateway/settings_yaml.hpp"

namespace portcullis::settings {

/// The errors of content of one file.
class Problems {
  public:
    void add(Mark at, const std::string& key, const std::string& what, const std::string& remedy);
    bool none() const { return lines_.empty(); }
    std::size_t count() const { return lines_.size(); }
    /// The first, without its place.
    const std::string& first() const { return lines_.front().second; }
    /// One line each, `file:line:column: key: what; what to do`, in the order of the file.
    std::string str(const std::string& file) const;

  private:
    std::vector<std::pair<Mark, std::string>> lines_;
};

/// A value, where it stands, and what it is the value of.
struct Value {
    const Node* node;
    std::string key;  // archives[0].port
    Problems* problems;

    void refuse(const std::string& what, const std::string& remedy) const {
        problems->add(node->at, key, what, remedy);
    }
    Value item(std::size_t index) const {
        return {&node->items[index], key + '[' + std::to_string(index) + ']', problems};
    }
};

inline constexpr const char* remove_it = "remove it";
inline constexpr const char* not_in_this_version = "not in this version";

/// In quotes, cut to a length that fits a line (or to `most` bytes), without control characters.
std::string in_quotes(const std::string& text, std::size_t most = 40);
/// The name that was probably meant, or nothing. At most two letters differ.
std::optional<std::string> nearest(const std::string& text, const std::vector<std::string>& names);
/// "write one of a, b, c", or the one that is near.
std::string advice(const std::string& text, const std::vector<std::string>& names);

std::optional<std::string> read_text(const Value&);
/// A name that others may refer to: letters, digits, '-', '_' and '.', at most 64; not "any".
std::optional<std::string> read_name(const Value&);
std::optional<AeTitle> read_title(const Value&);
std::optional<Uid> read_uid(const Value&);
std::optional<std::uint16_t> read_port(const Value&);            // 1 to 65535
std::optional<std::uint16_t> read_listening_port(const Value&);  // 0: any free one
std::optional<std::string> read_host(const Value&);              // a name or an address
std::optional<std::string> read_local_address(const Value&);     // an address
std::optional<Network> read_network(const Value&);
std::optional<std::chrono::milliseconds> read_duration(const Value&);  // 1 ms to 1 day
std::optional<std::chrono::milliseconds> read_duration_between(const Value&, std::chrono::milliseconds least,
                                                               std::chrono::milliseconds most);

std::optional<std::uint64_t> read_count(const Value&, std::uint64_t least, std::uint64_t most);
/// Bytes: 65536, 256KiB, 1MiB, 2GiB.
std::optional<std::uint64_t> read_size(const Value&, std::uint64_t least, std::uint64_t most);

inline auto count_between(std::uint64_t least, std::uint64_t most) {
    return [=](const Value& value) { return read_count(value, least, most); };
}
inline auto duration_between(std::chrono::milliseconds least, std::chrono::milliseconds most) {
    return [=](const Value& value) { return read_duration_between(value, least, most); };
}
inline auto size_between(std::uint64_t least, std::uint64_t most) {
    return [=](const Value& value) { return read_size(value, least, most); };
}

/// One of a few words; `later` are those of the documentation that this version does not know yet.
template <class T>
struct Choice {
    std::vector<std::pair<std::string, T>> words;
    std::vector<std::string> later = {};

    std::optional<T> operator()(const Value& value) const {
        const auto text = read_text(value);
        if (!text) return std::nullopt;
        std::vector<std::string> names;
        for (const auto& [word, meaning] : words) {
            if (word == *text) return meaning;
            names.push_back(word);
        }
        if (std::find(later.begin(), later.end(), *text) != later.end())
            value.refuse(in_quotes(*text) + " is " + not_in_this_version, advice("", names));
        else
            value.refuse("unknown value " + in_quotes(*text), advice(*text, names));
        return std::nullopt;
    }
};

/// Every item of a list. What cannot be read is noted and left out.
template <class Read>
auto read_each(const Value& value, std::size_t most, Read read) {
    std::vector<typename decltype(read(value))::value_type> all;
    if (value.node->kind != Node::Kind::sequence) {
        value.refuse("a list is expected", "write [a, b] or one item per line after a dash");
        return all;
    }
    if (value.node->items.size() > most) {
        value.refuse("more than " + std::to_string(most) + " items", "write fewer");
        return all;
    }
    for (std::size_t i = 0; i < value.node->items.size(); ++i)
        if (auto one = read(value.item(i))) all.push_back(std::move(*one));
    return all;
}

/// One value, or a list of at least one.
template <class Read>
auto read_one_or_more(const Value& value, std::size_t most, Read read) {
    std::vector<typename decltype(read(value))::value_type> all;
    if (value.node->kind != Node::Kind::sequence) {
        if (auto one = read(value)) all.push_back(std::move(*one));
        return all;
    }
    if (value.node->items.empty()) value.refuse("an empty list", "write at least one, or leave the key out");
    return read_each(value, most, read);
}

/// A mapping whose keys are all known. What is asked for becomes known; finish() refuses the rest.
class Section {
  public:
    explicit Section(Value value);
    Section(const Section&) = delete;
    Section& operator=(const Section&) = delete;

    /// The value of a key, or nothing if it is absent. A key without a value counts as an error.
    std::optional<Value> find(const std::string& key);
    /// Notes that the key is missing.
    std::optional<Value> require(const std::string& key);
    /// Keeps the default if the key is absent or its value is wrong.
    template <class T, class Read>
    void read(const std::string& key, T& into, Read reader) {
        assign(find(key), into, reader);
    }
    template <class T, class Read>
    void read_required(const std::string& key, T& into, Read reader) {
        assign(require(key), into, reader);
    }
    template <class T, class Read>
    void read_list(const std::string& key, std::size_t most, T& into, Read reader) {
        if (const auto value = find(key)) into = read_one_or_more(*value, most, reader);
    }
    /// Keys of the documentation that this version does not have.
    void later(std::initializer_list<const char*> keys);
    void finish() const;
    const Value& value() const { return value_; }

  private:
    template <class T, class Read>
    static void assign(const std::optional<Value>& value, T& into, Read& reader) {
        if (!value) return;
        if (auto got = reader(*value)) into = static_cast<T>(std::move(*got));
    }
    std::string path(const std::string& key) const;
    bool is_mapping() const { return value_.node->kind == Node::Kind::mapping; }

    Value value_;
    std::vector<std::string> known_;
    std::vector<std::string> later_;
};

}  // namespace portcullis::settings
