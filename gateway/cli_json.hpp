#pragma once
// Answers for scripts.

#include <nlohmann/json.hpp>
#include <ostream>

#include "gateway/cli_commands.hpp"

namespace portcullis::cli {

using Json = nlohmann::ordered_json;

inline void print(const Terminal& terminal, const Json& json) {
    // A path may hold bytes that are no UTF-8.
    terminal.out << json.dump(2, ' ', false, Json::error_handler_t::replace) << '\n';
}

}  // namespace portcullis::cli
