// The readers of single values.

#include <algorithm>
#include <array>
#include <charconv>

#include "gateway/settings_reader.hpp"

namespace portcullis::settings {

namespace {

using namespace std::chrono_literals;

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}
bool is_letter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

struct Amount {
    std::uint64_t number;
    std::string_view unit;
};

/// Decimal digits without leading zeros, then anything.
std::optional<Amount> amount(std::string_view text) {
    std::uint64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    const auto digits = static_cast<std::size_t>(end - text.data());
    if (error != std::errc{} || (text[0] == '0' && digits > 1)) return std::nullopt;
    return Amount{number, text.substr(digits)};
}

/// The product, or nothing if it is not between the two.
std::optional<std::uint64_t> product(std::uint64_t number, std::uint64_t unit, std::uint64_t least,
                                     std::uint64_t most) {
    if (number > most / unit || number * unit < least) return std::nullopt;
    return number * unit;
}

/// A scalar that is not in quotes: a number, or a number with its unit.
std::optional<Amount> read_amount(const Value& value, const std::string& what, const std::string& remedy) {
    if (value.node->kind != Node::Kind::scalar) {
        value.refuse(what + " is expected", remedy);
        return std::nullopt;
    }
    if (value.node->quoted) {
        value.refuse(what + " is expected, this is text", "remove the quotes");
        return std::nullopt;
    }
    const auto read = amount(value.node->text);
    if (!read) value.refuse(in_quotes(value.node->text) + " is not " + what, remedy);
    return read;
}

/// What `parse` makes of a text.
template <class Parse>
auto read_parsed(const Value& value, Parse parse, const std::string& what, const std::string& remedy)
    -> decltype(parse(std::string_view{})) {
    const auto text = read_text(value);
    if (!text) return std::nullopt;
    auto parsed = parse(*text);
    if (!parsed) value.refuse(in_quotes(*text) + " is not " + what, remedy);
    return parsed;
}

std::string range(std::uint64_t least, std::uint64_t most) {
    return "write " + std::to_string(least) + " to " + std::to_string(most);
}

struct Unit {
    std::string_view name;
    std::uint64_t factor;
};

std::optional<std::uint64_t> factor_of(std::string_view name, std::initializer_list<Unit> units) {
    for (const auto& unit : units)
        if (unit.name == name) return unit.factor;
    return std::nullopt;
}

}  // namespace

std::optional<std::string> read_text(const Value& value) {
    if (value.node->kind != Node::Kind::scalar) {
        value.refuse("a single value is expected", "write text");
        return std::nullopt;
    }
    if (value.node->text.empty()) {
        value.refuse("the text is empty", "write one, or remove the key");
        return std::nullopt;
    }
    return value.node->text;
}

std::optional<std::string> read_name(const Value& value) {
    const auto parse = [](std::string_view text) -> std::optional<std::string> {
        const auto allowed = [](char c) {
            return is_letter(c) || is_digit(c) || c == '-' || c == '_' || c == '.';
        };
        if (text.size() > 64 || text == "any" || !std::all_of(text.begin(), text.end(), allowed)) return {};
        return std::string(text);
    };
    return read_parsed(value, parse, "a name", "use up to 64 letters, digits, '-', '_' and '.'; not any");
}

std::optional<AeTitle> read_title(const Value& value) {
    return read_parsed(value, AeTitle::parse, "an AE title",
                       "use 1 to 16 printable ASCII characters, no backslash");
}

std::optional<Uid> read_uid(const Value& value) {
    return read_parsed(value, Uid::parse, "a UID", "use digits and dots, as in 1.2.840.10008.5.1.4.1.1.2");
}

std::optional<Network> read_network(const Value& value) {
    return read_parsed(value, Network::parse, "an address or a network",
                       "write as in 10.0.1.7 or 10.0.3.0/24");
}

std::optional<std::string> read_host(const Value& value) {
    const auto parse = [](std::string_view text) -> std::optional<std::string> {
        const auto allowed = [](char c) {
            return is_letter(c) || is_digit(c) || c == '-' || c == '.' || c == '_';
        };
        const bool is_name = text.size() <= 253 && std::all_of(text.begin(), text.end(), allowed);
        if (!is_name && !IpAddress::parse(text)) return {};
        return std::string(text);
    };
    return read_parsed(value, parse, "a host", "write a name or an address, the port goes under port");
}

std::optional<std::string> read_local_address(const Value& value) {
    const auto parse = [](std::string_view text) -> std::optional<std::string> {
        const auto address = IpAddress::parse(text);
        return address ? std::optional(address->str()) : std::nullopt;
    };
    return read_parsed(value, parse, "an address", "write one of this machine's, or 0.0.0.0 for all");
}

std::optional<std::uint64_t> read_count(const Value& value, std::uint64_t least, std::uint64_t most) {
    const auto read = read_amount(value, "a number", range(least, most));
    if (!read) return std::nullopt;
    if (read->unit.empty() && read->number >= least && read->number <= most) return read->number;
    value.refuse(in_quotes(value.node->text) + (read->unit.empty() ? " is out of range" : " is not a number"),
                 range(least, most));
    return std::nullopt;
}

std::optional<std::uint16_t> read_port(const Value& value) {
    const auto port = read_count(value, 1, 65535);
    return port ? std::optional(static_cast<std::uint16_t>(*port)) : std::nullopt;
}

std::optional<std::uint16_t> read_listening_port(const Value& value) {
    const auto port = read_count(value, 0, 65535);
    return port ? std::optional(static_cast<std::uint16_t>(*port)) : std::nullopt;
}

std::optional<std::uint64_t> read_size(const Value& value, std::uint64_t least, std::uint64_t most) {
    const std::string remedy = "write as in 65536, 256KiB or 1MiB";
    const auto read = read_amount(value, "a size", remedy);
    if (!read) return std::nullopt;
    const auto factor =
        factor_of(read->unit, {{"", 1}, {"KiB", 1u << 10}, {"MiB", 1u << 20}, {"GiB", 1u << 30}});
    if (!factor) {
        value.refuse(in_quotes(value.node->text) + " is not a size", remedy);
        return std::nullopt;
    }
    const auto bytes = product(read->number, *factor, least, most);
    if (!bytes) value.refuse(in_quotes(value.node->text) + " is out of range", range(least, most) + " bytes");
    return bytes;
}

namespace {

constexpr std::pair<const char*, std::chrono::milliseconds> units[] = {
    {"ms", 1ms}, {"s", 1s}, {"m", 1min}, {"h", 1h}, {"d", 24h}};

/// In the greatest unit of which it is a whole number.
std::string written(std::chrono::milliseconds duration) {
    const auto unit = std::find_if(std::rbegin(units), std::rend(units),
                                   [&](const auto& one) { return duration % one.second == 0ms; });
    return std::to_string(duration / unit->second) + unit->first;
}

}  // namespace

std::optional<std::chrono::milliseconds> read_duration(const Value& value) {
    return read_duration_between(value, 1ms, 24h);
}

std::optional<std::chrono::milliseconds> read_duration_between(const Value& value,
                                                               std::chrono::milliseconds least,
                                                               std::chrono::milliseconds most) {
    const std::string remedy = "write as in 500ms, 30s, 10m or 1h";
    const auto read = read_amount(value, "a duration", remedy);
    if (!read) return std::nullopt;
    const auto unit = std::find_if(std::begin(units), std::end(units),
                                   [&](const auto& one) { return read->unit == one.first; });
    if (unit == std::end(units)) {
        value.refuse(in_quotes(value.node->text) + " is not a duration", remedy);
        return std::nullopt;
    }
    const auto count = [](std::chrono::milliseconds duration) {
        return static_cast<std::uint64_t>(duration.count());
    };
    const auto milliseconds = product(read->number, count(unit->second), count(least), count(most));
    if (!milliseconds) {
        value.refuse(in_quotes(value.node->text) + " is out of range",
                     "write " + written(least) + " to " + written(most));
        return std::nullopt;
    }
    return std::chrono::milliseconds(*milliseconds);
}

}  // namespace portcullis::settings
