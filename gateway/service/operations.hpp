#pragma once
#include "gateway/dimse/command.hpp"
#include "gateway/dimse/status.hpp"
#include "gateway/policy/policy.hpp"

namespace portcullis::service {

/// What the policy calls this request.
policy::Operation operation_of(const dimse::Command& request);

/// The Storage Commitment Push Model (PS3.4 J.3).
bool is_commitment_class(const Uid& sop_class);
/// An N-ACTION that asks for a commitment, with what is to be committed.
bool is_commitment_request(const dimse::Command& request);
/// An N-EVENT-REPORT that says what came of it.
bool is_commitment_result(const dimse::Command& request);

/// Of the final response to a C-STORE.
constexpr bool is_failure(std::uint16_t status) {
    return status != dimse::status::success && !dimse::status::is_warning(status);
}

}  // namespace portcullis::service
