#pragma once
#include "gateway/dimse/command.hpp"
#include "gateway/policy/policy.hpp"

namespace portcullis::service {

/// What the policy calls this request.
policy::Operation operation_of(const dimse::Command& request);

}  // namespace portcullis::service
