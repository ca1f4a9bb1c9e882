#pragma once
#include "gateway/dimse/command.hpp"
#include "gateway/dimse/status.hpp"
#include "gateway/policy/policy.hpp"

namespace portcullis::service {

/// What the policy calls this request.
policy::Operation operation_of(const dimse::Command& request);

/// Of the final response to a C-STORE.
constexpr bool is_failure(std::uint16_t status) {
    return status != dimse::status::success && !dimse::status::is_warning(status);
}

}  // namespace portcullis::service
