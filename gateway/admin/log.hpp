#pragma once
// The operator's log: one JSON object per line on standard error. Never patient data, never key material, at
// any level; what concerns patients is in the audit.

#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

namespace portcullis::admin {

enum class Level { info, warning, error };

/// `event` is a word; values are UTF-8 or escaped. Thread-safe.
void log(Level level, std::string_view event,
         std::initializer_list<std::pair<std::string_view, std::string>> values = {});

}  // namespace portcullis::admin
