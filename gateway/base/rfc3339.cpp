#include "gateway/base/rfc3339.hpp"

#include <cstdio>
#include <ctime>

namespace portcullis {

using std::chrono::system_clock;

std::string rfc3339(system_clock::time_point time) {
    const auto whole = std::chrono::floor<std::chrono::seconds>(time);
    const auto ms = std::chrono::floor<std::chrono::milliseconds>(time - whole).count();
    const std::time_t seconds = system_clock::to_time_t(whole);
    std::tm utc{};
    ::gmtime_r(&seconds, &utc);
    char day[32];
    char fraction[8];
    std::strftime(day, sizeof day, "%Y-%m-%dT%H:%M:%S", &utc);
    std::snprintf(fraction, sizeof fraction, ".%03dZ", static_cast<int>(ms));
    return std::string(day) + fraction;
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
