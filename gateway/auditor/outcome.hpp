#pragma once
#include <array>
#include <string_view>

#include "gateway/audit/reader.hpp"

namespace portcullis::auditor {

/// How what a record tells of came out. `none`: it tells of a beginning, or of nothing that can fail.
enum class Outcome { none, success, failure, refused, alert };

inline constexpr std::array<std::string_view, 5> outcome_names = {"", "success", "failure", "refused",
                                                                  "alert"};
constexpr std::string_view name(Outcome outcome) {
    return outcome_names[static_cast<std::size_t>(outcome)];
}

/// A refusal is the gateway's own; a status that is neither success nor warning is a failure, whoever gave
/// it, and so is a store of which nobody knows what became.
Outcome outcome_of(const audit::Logged&);

}  // namespace portcullis::auditor
