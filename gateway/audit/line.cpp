#include "gateway/audit/line.hpp"

#include <charconv>

namespace portcullis::audit {

namespace {

constexpr std::string_view seq_member = "{\"seq\":";
constexpr std::string_view prev_member = ",\"prev\":\"";
constexpr std::string_view hash_member = ",\"hash\":\"";
constexpr std::string_view end = "\"}";
constexpr std::size_t hash_digits = 64;

struct Line {
    std::uint64_t seq;
    std::string_view prev;
    std::string_view hash;
    std::string_view content;  // up to and with `prev`, without the closing brace
};

// Takes `,"name":"64 characters"` off the end of what is left of the line.
std::optional<std::string_view> take_hash(std::string_view& rest, std::string_view member) {
    const std::size_t length = member.size() + hash_digits + 1;
    if (rest.size() < length || !rest.ends_with('"')) return std::nullopt;
    const auto tail = rest.substr(rest.size() - length);
    if (!tail.starts_with(member)) return std::nullopt;
    rest.remove_suffix(length);
    return tail.substr(member.size(), hash_digits);
}

std::optional<Line> parse(std::string_view text) {
    if (!text.starts_with(seq_member) || !text.ends_with(end)) return std::nullopt;
    std::string_view rest = text.substr(0, text.size() - 1);
    const auto hash = take_hash(rest, hash_member);
    if (!hash) return std::nullopt;
    const std::string_view content = rest;
    const auto prev = take_hash(rest, prev_member);
    if (!prev) return std::nullopt;
    std::uint64_t seq = 0;
    const char* const digits = text.data() + seq_member.size();
    const auto [stop, error] = std::from_chars(digits, rest.data() + rest.size(), seq);
    if (error != std::errc{} || stop == rest.data() + rest.size() || *stop != ',') return std::nullopt;
    return Line{seq, *prev, *hash, content};
}

Hash hash_of(std::string_view content) {
    return leaf_hash(std::string(content) + '}');
}

}  // namespace

std::string seal_line(std::string_view members, Head& head) {
    std::string line(seq_member);
    line.append(std::to_string(++head.records)).append(",").append(members);
    line.append(prev_member).append(hex(head.hash)).append("\"");
    head.hash = hash_of(line);
    return line.append(hash_member).append(hex(head.hash)).append(end);
}

std::optional<std::string> follow(std::string_view text, Head& head) {
    const auto line = parse(text);
    if (!line) return "is not a record";
    const Hash hash = hash_of(line->content);
    if (hex(hash) != line->hash) return "was changed: its content does not have the hash that it carries";
    if (line->seq != head.records + 1)
        return "is missing or moved: record " + std::to_string(line->seq) + " stands in its place";
    if (line->prev != hex(head.hash))
        return "does not carry the hash of the record before it: one of them was replaced";
    head = {line->seq, hash};
    return std::nullopt;
}

}  // namespace portcullis::audit
