#include "gateway/audit/line.hpp"

#include <charconv>

#include "gateway/base/rfc3339.hpp"

namespace portcullis::audit {

namespace {

constexpr std::string_view seq_member = "{\"seq\":";
constexpr std::string_view time_member = ",\"time\":\"";
constexpr std::string_view event_member = "\",\"event\":\"";
constexpr std::string_view prev_member = ",\"prev\":\"";
constexpr std::string_view hash_member = ",\"hash\":\"";
constexpr std::string_view end = "\"}";
constexpr std::string_view time_form = "YYYY-MM-DDThh:mm:ss.mmmZ";
constexpr std::size_t hash_digits = 64;

// Takes the text that is expected off the front of what is left.
bool take(std::string_view& rest, std::string_view expected) {
    if (!rest.starts_with(expected)) return false;
    rest.remove_prefix(expected.size());
    return true;
}

// A number without leading zeros; 0: there is none.
std::uint64_t take_number(std::string_view& rest) {
    std::uint64_t number = 0;
    const auto [stop, error] = std::from_chars(rest.data(), rest.data() + rest.size(), number);
    if (error != std::errc{} || rest.starts_with('0')) return 0;
    rest.remove_prefix(static_cast<std::size_t>(stop - rest.data()));
    return number;
}

// Takes `,"name":"64 characters"` off the end of what is left of the line.
std::optional<std::string_view> take_hash(std::string_view& rest, std::string_view member) {
    const std::size_t length = member.size() + hash_digits + 1;
    if (rest.size() < length || !rest.ends_with('"')) return std::nullopt;
    const auto tail = rest.substr(rest.size() - length);
    if (!tail.starts_with(member)) return std::nullopt;
    rest.remove_suffix(length);
    return tail.substr(member.size(), hash_digits);
}

// The content up to and with `prev` is hashed with the brace that closes it.
Hash hash_of(std::string_view content) {
    return leaf_hash(content, "}");
}

// `text` and what follows the number.
std::uint64_t seq_and_rest(std::string_view& text) {
    return take(text, seq_member) ? take_number(text) : 0;
}

}  // namespace

std::string seal_line(std::string_view members, Head& head) {
    std::string line(seq_member);
    line.append(std::to_string(++head.records)).append(",").append(members);
    line.append(prev_member).append(hex(head.hash)).append("\"");
    head.hash = hash_of(line);
    return line.append(hash_member).append(hex(head.hash)).append(end);
}

std::optional<LineHashes> hashes_of(std::string_view text) {
    if (!text.ends_with(end)) return std::nullopt;
    std::string_view rest = text.substr(0, text.size() - 1);
    const auto hash = take_hash(rest, hash_member);
    if (!hash) return std::nullopt;
    const std::string_view content = rest;
    const auto prev = take_hash(rest, prev_member);
    LineHashes line{seq_and_rest(rest), {}, hash_of(content), false};
    if (!prev || line.seq == 0 || !rest.starts_with(',') || !unhex(*prev, line.prev)) return std::nullopt;
    Hash carried;
    line.own = unhex(*hash, carried) && carried == line.hash;
    return line;
}

std::optional<std::string> follow(const std::optional<LineHashes>& line, Head& head) {
    if (!line) return "is not a record";
    if (!line->own) return "was changed: its content does not have the hash that it carries";
    const std::string seq = std::to_string(line->seq);
    if (line->seq > head.records + 1) return "is missing or moved: record " + seq + " stands in its place";
    if (line->seq <= head.records)
        return "was inserted or moved: a record " + seq + " stands here, behind record " +
               std::to_string(head.records);
    if (line->prev != head.hash)
        return "does not carry the hash of the record before it: one of them was replaced";
    head = {line->seq, line->hash};
    return std::nullopt;
}

std::uint64_t seq_of(std::string_view line) {
    const auto seq = seq_and_rest(line);
    return line.starts_with(',') ? seq : 0;
}

std::string_view time_text(std::string_view line) {
    if (seq_and_rest(line) == 0 || !take(line, time_member) || line.size() < time_form.size()) return {};
    return line.substr(0, time_form.size());
}

std::optional<std::chrono::system_clock::time_point> time_of(std::string_view line) {
    return parse_rfc3339(time_text(line));
}

bool is_event(std::string_view line, std::string_view event) {
    const auto time = time_text(line);
    if (time.empty()) return false;
    line.remove_prefix(static_cast<std::size_t>(time.end() - line.begin()));
    return take(line, event_member) && take(line, event) && line.starts_with('"');
}

}  // namespace portcullis::audit
