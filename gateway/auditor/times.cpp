#include "gateway/auditor/times.hpp"

#include <charconv>
#include <cstdio>

namespace portcullis::auditor {

namespace {

using namespace std::chrono;
using Moment = sys_time<milliseconds>;

/// Takes so many digits off the front.
std::optional<int> take_number(std::string_view& rest, std::size_t digits) {
    int number = 0;
    if (rest.size() < digits) return std::nullopt;
    const auto [stop, error] = std::from_chars(rest.data(), rest.data() + digits, number);
    if (error != std::errc{} || stop != rest.data() + digits || number < 0) return std::nullopt;
    rest.remove_prefix(digits);
    return number;
}

bool take(std::string_view& rest, char c) {
    if (rest.empty() || rest.front() != c) return false;
    rest.remove_prefix(1);
    return true;
}

std::optional<sys_days> take_day(std::string_view& rest) {
    const auto y = take_number(rest, 4);
    if (!y || !take(rest, '-')) return std::nullopt;
    const auto m = take_number(rest, 2);
    if (!m || !take(rest, '-')) return std::nullopt;
    const auto d = take_number(rest, 2);
    if (!d) return std::nullopt;
    const year_month_day date{year(*y), month(static_cast<unsigned>(*m)), day(static_cast<unsigned>(*d))};
    return date.ok() ? std::optional(sys_days(date)) : std::nullopt;
}

/// "14:05", as of a time and of an offset.
std::optional<minutes> take_minutes(std::string_view& rest) {
    const auto h = take_number(rest, 2);
    if (!h || *h > 23 || !take(rest, ':')) return std::nullopt;
    const auto m = take_number(rest, 2);
    if (!m || *m > 59) return std::nullopt;
    return hours(*h) + minutes(*m);
}

/// Milliseconds of ".123456", rounded down; -1 if there is no fraction.
std::optional<int> take_fraction(std::string_view& rest) {
    if (!take(rest, '.')) return -1;
    int fraction = 0;
    std::size_t digits = 0;
    for (; !rest.empty() && rest.front() >= '0' && rest.front() <= '9'; rest.remove_prefix(1))
        if (digits++ < 3) fraction = 10 * fraction + (rest.front() - '0');
    if (digits == 0) return std::nullopt;
    for (; digits < 3; ++digits) fraction *= 10;
    return fraction;
}

std::optional<minutes> take_offset(std::string_view& rest) {
    if (take(rest, 'Z') || take(rest, 'z')) return minutes(0);
    const bool west = take(rest, '-');
    if (!west && !take(rest, '+')) return std::nullopt;
    const auto offset = take_minutes(rest);
    if (!offset) return std::nullopt;
    return west ? -*offset : *offset;
}

/// Both ends of what was typed.
struct Span {
    Moment first, last;
};

std::optional<Span> parse(std::string_view rest) {
    const auto date = take_day(rest);
    if (!date) return std::nullopt;
    if (rest.empty()) return Span{*date, *date + days(1) - milliseconds(1)};
    if (!take(rest, 'T') && !take(rest, 't') && !take(rest, ' ')) return std::nullopt;
    const auto hour_and_minute = take_minutes(rest);
    if (!hour_and_minute || !take(rest, ':')) return std::nullopt;
    const auto second = take_number(rest, 2);
    if (!second || *second > 60) return std::nullopt;
    const auto fraction = take_fraction(rest);
    if (!fraction) return std::nullopt;
    const auto offset = take_offset(rest);
    if (!offset || !rest.empty()) return std::nullopt;
    const Moment whole = *date + *hour_and_minute + seconds(*second) - *offset;
    if (*fraction < 0) return Span{whole, whole + milliseconds(999)};
    return Span{whole + milliseconds(*fraction), whole + milliseconds(*fraction)};
}

std::string text(Moment moment) {
    const auto midnight = floor<days>(moment);
    const year_month_day date(midnight);
    const hh_mm_ss time(moment - midnight);
    char text[64];
    std::snprintf(text, sizeof text, "%04d-%02u-%02uT%02d:%02d:%02d.%03dZ", static_cast<int>(date.year()),
                  static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                  static_cast<int>(time.hours().count()), static_cast<int>(time.minutes().count()),
                  static_cast<int>(time.seconds().count()), static_cast<int>(time.subseconds().count()));
    return text;
}

}  // namespace

std::optional<std::string> first_moment(std::string_view typed) {
    const auto span = parse(typed);
    return span ? std::optional(text(span->first)) : std::nullopt;
}

std::optional<std::string> last_moment(std::string_view typed) {
    const auto span = parse(typed);
    return span ? std::optional(text(span->last)) : std::nullopt;
}

bool is_day(std::string_view typed) {
    return take_day(typed) && typed.empty();
}

std::string shifted(std::string_view moment, minutes by) {
    const auto span = parse(moment);
    return span ? text(span->first + by) : std::string(moment);
}

}  // namespace portcullis::auditor
