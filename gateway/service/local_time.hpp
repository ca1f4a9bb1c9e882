#pragma once
#include <ctime>

#include "gateway/policy/hours.hpp"

namespace portcullis::service {

/// By the clock on the wall, in the time zone of this machine.
inline policy::LocalTime local_time(std::time_t time = std::time(nullptr)) {
    std::tm local{};
    ::localtime_r(&time, &local);
    const int from_monday = (local.tm_wday + 6) % 7;
    return {static_cast<unsigned>(from_monday), static_cast<unsigned>(local.tm_hour * 60 + local.tm_min)};
}

}  // namespace portcullis::service
