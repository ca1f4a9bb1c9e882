#include "gateway/base/rfc3339.hpp"

#include <cstdio>
#include <ctime>

namespace portcullis {

using std::chrono::system_clock;

namespace {

/// Not by strftime and snprintf: each audit record has one.
void append(std::string& text, unsigned number, std::size_t digits, char behind) {
    text.append(digits, '0').push_back(behind);
    for (auto digit = text.rbegin() + 1; number != 0 && digit != text.rend(); number /= 10)
        *digit++ = static_cast<char>('0' + number % 10);
}

}  // namespace

std::string rfc3339(system_clock::time_point time) {
    const auto day = std::chrono::floor<std::chrono::days>(time);
    const std::chrono::year_month_day date(day);
    const std::chrono::hh_mm_ss clock(std::chrono::floor<std::chrono::milliseconds>(time - day));
    std::string text;
    append(text, static_cast<unsigned>(static_cast<int>(date.year())), 4, '-');
    append(text, static_cast<unsigned>(date.month()), 2, '-');
    append(text, static_cast<unsigned>(date.day()), 2, 'T');
    append(text, static_cast<unsigned>(clock.hours().count()), 2, ':');
    append(text, static_cast<unsigned>(clock.minutes().count()), 2, ':');
    append(text, static_cast<unsigned>(clock.seconds().count()), 2, '.');
    append(text, static_cast<unsigned>(clock.subseconds().count()), 3, 'Z');
    return text;
}

/// What reads another way than it writes is not written so.
std::optional<system_clock::time_point> parse_rfc3339(std::string_view text) {
    std::tm utc{};
    int ms = 0;
    if (std::sscanf(std::string(text).c_str(), "%4d-%2d-%2dT%2d:%2d:%2d.%3dZ", &utc.tm_year, &utc.tm_mon,
                    &utc.tm_mday, &utc.tm_hour, &utc.tm_min, &utc.tm_sec, &ms) != 7)
        return std::nullopt;
    utc.tm_year -= 1900;
    utc.tm_mon -= 1;
    const auto time = system_clock::from_time_t(::timegm(&utc)) + std::chrono::milliseconds(ms);
    return rfc3339(time) == text ? std::optional(time) : std::nullopt;
}

}  // namespace portcullis
