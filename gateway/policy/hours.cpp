#include "gateway/policy/hours.hpp"

#include <array>
#include <tuple>
#include <utility>

namespace portcullis::policy {

namespace {

constexpr unsigned minutes_of_day = 24 * 60;
constexpr unsigned days_of_week = 7;
constexpr std::array<std::string_view, days_of_week> day_names = {"mon", "tue", "wed", "thu",
                                                                  "fri", "sat", "sun"};

std::optional<unsigned> parse_day(std::string_view text) {
    for (unsigned day = 0; day < days_of_week; ++day)
        if (day_names[day] == text) return day;
    return std::nullopt;
}

std::optional<unsigned> two_digits(std::string_view text) {
    const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
    if (text.size() != 2 || !is_digit(text[0]) || !is_digit(text[1])) return std::nullopt;
    return static_cast<unsigned>((text[0] - '0') * 10 + (text[1] - '0'));
}

/// "HH:MM", to 24:00.
std::optional<unsigned> parse_time(std::string_view text) {
    if (text.size() != 5 || text[2] != ':') return std::nullopt;
    const auto hour = two_digits(text.substr(0, 2));
    const auto minute = two_digits(text.substr(3));
    if (!hour || !minute || *minute > 59 || *hour * 60 + *minute > minutes_of_day) return std::nullopt;
    return *hour * 60 + *minute;
}

/// Of "a-b" both, read by `parse`.
template <class Parse>
std::optional<std::pair<unsigned, unsigned>> parse_range(std::string_view text, Parse parse) {
    const auto dash = text.find('-');
    if (dash == std::string_view::npos) return std::nullopt;
    const auto first = parse(text.substr(0, dash));
    const auto last = parse(text.substr(dash + 1));
    if (!first || !last) return std::nullopt;
    return std::pair(*first, *last);
}

std::string two(unsigned number) {
    return (number < 10 ? "0" : "") + std::to_string(number);
}

}  // namespace

std::string text(const LocalTime& time) {
    return std::string(day_names.at(time.weekday)) + ' ' + two(time.minute / 60) + ':' +
           two(time.minute % 60);
}

std::optional<Hours> Hours::parse(std::string_view text) {
    Hours hours;
    hours.text_ = text;
    if (const auto space = text.find(' '); space != std::string_view::npos) {
        const auto days = text.substr(0, space);
        const auto one = parse_day(days);
        const auto range = one ? std::pair(*one, *one) : parse_range(days, parse_day);
        if (!range) return std::nullopt;
        std::tie(hours.first_day_, hours.last_day_) = *range;
        text.remove_prefix(space + 1);
    }
    const auto window = parse_range(text, parse_time);
    // From a time to itself could be all day or never.
    if (!window || window->first == window->second || window->first == minutes_of_day) return std::nullopt;
    std::tie(hours.begin_, hours.end_) = *window;
    return hours;
}

bool Hours::begins_on(unsigned weekday) const {
    const unsigned length = (last_day_ + days_of_week - first_day_) % days_of_week;
    return (weekday + days_of_week - first_day_) % days_of_week <= length;
}

bool Hours::contains(const LocalTime& time) const {
    const bool after_begin = time.minute >= begin_;
    const bool before_end = time.minute < end_;
    if (begin_ < end_) return after_begin && before_end && begins_on(time.weekday);
    return (after_begin && begins_on(time.weekday)) ||
           (before_end && begins_on((time.weekday + days_of_week - 1) % days_of_week));
}

}  // namespace portcullis::policy
