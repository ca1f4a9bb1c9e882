#include "gateway/admin/log.hpp"

#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <nlohmann/json.hpp>

namespace portcullis::admin {

namespace {

spdlog::logger& logger() {
    static const auto instance = [] {
        auto made = spdlog::stderr_logger_mt("portcullis");
        spdlog::pattern_time_type zone = spdlog::pattern_time_type::utc;
        // The message is the rest of the object, already escaped.
        made->set_pattern(R"({"time":"%Y-%m-%dT%H:%M:%S.%eZ","level":"%l",%v})", zone);
        return made;
    }();
    return *instance;
}

spdlog::level::level_enum spdlog_level(Level level) {
    switch (level) {
        case Level::info:
            return spdlog::level::info;
        case Level::warning:
            return spdlog::level::warn;
        case Level::error:
            break;
    }
    return spdlog::level::err;
}

}  // namespace

void log(Level level, std::string_view event,
         std::initializer_list<std::pair<std::string_view, std::string>> values) {
    nlohmann::ordered_json object;
    object["event"] = event;
    for (const auto& [name, value] : values) object[std::string(name)] = value;
    const auto text = object.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
    logger().log(spdlog_level(level), "{}", std::string_view(text).substr(1, text.size() - 2));
}

}  // namespace portcullis::admin
