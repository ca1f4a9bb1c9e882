#include "gateway/keys/kek.hpp"

#include <chrono>
#include <ctime>
#include <stdexcept>

namespace portcullis::keys {

namespace {

constexpr std::string_view first_line = "portcullis-kek 1\n";

std::string now() {
    const std::time_t seconds = std::chrono::system_clock::to_time_t(std::chrono::system_clock::now());
    std::tm utc{};
    ::gmtime_r(&seconds, &utc);
    char text[32];
    std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &utc);
    return text;
}

bool is_time(std::string_view text) {
    constexpr std::string_view pattern = "0000-00-00T00:00:00Z";
    if (text.size() != pattern.size()) return false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const bool digit = text[i] >= '0' && text[i] <= '9';
        if (pattern[i] == '0' ? !digit : text[i] != pattern[i]) return false;
    }
    return true;
}

// Takes the line "NAME VALUE" off the front; empty if it is not there.
std::string_view take_value(std::string_view& rest, std::string_view name) {
    const auto end = rest.find('\n');
    if (end == std::string_view::npos || !rest.starts_with(name) || rest[name.size()] != ' ') return {};
    const auto value = rest.substr(name.size() + 1, end - name.size() - 1);
    rest.remove_prefix(end + 1);
    return value;
}

int digit_value(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    return -1;
}

void randomize(std::span<std::uint8_t> bytes) {
    if (!codec::fill_random(bytes)) throw std::runtime_error("no random bytes from the kernel");
}

}  // namespace

std::string hex(const codec::KeyId& id) {
    SecretText text;
    text.append_hex(id);
    return std::string(text.view());
}

bool unhex(std::string_view text, std::span<std::uint8_t> bytes) {
    if (text.size() != 2 * bytes.size()) return false;
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        const int high = digit_value(text[2 * i]);
        const int low = digit_value(text[2 * i + 1]);
        if (high < 0 || low < 0) return false;
        bytes[i] = static_cast<std::uint8_t>(high << 4 | low);
    }
    return true;
}

Kek make_kek() {
    Kek kek{{}, now(), {}};
    randomize(kek.id);
    randomize(kek.key.fill());
    return kek;
}

SecretText format(const Kek& kek) {
    SecretText text;
    text.append(first_line);
    text.append("id ");
    text.append_hex(kek.id);
    text.append("\ncreated ");
    text.append(kek.created);
    text.append("\nkey ");
    text.append_hex(kek.key.view());
    text.append("\n");
    return text;
}

Kek parse_kek(const SecretText& text, const std::filesystem::path& file) {
    std::string_view rest = text.view();
    Kek kek;
    const bool begins = rest.starts_with(first_line);
    if (begins) rest.remove_prefix(first_line.size());
    const auto id = take_value(rest, "id");
    const auto created = take_value(rest, "created");
    const auto key = take_value(rest, "key");
    if (!begins || !unhex(id, kek.id) || !is_time(created) || !unhex(key, kek.key.fill()) || !rest.empty())
        fail(file, "is not the file of a KEK, or damaged; restore it from the backup");
    kek.created = created;
    return kek;
}

}  // namespace portcullis::keys
