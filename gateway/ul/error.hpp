#pragma once
#include "gateway/base/error.hpp"

namespace portcullis::ul {

/// What can be wrong with what a peer sends. abort_reason() says how PS3.8 table 9-26 names it.
enum class errc {
    unrecognized_pdu = 1,  // type not 1..7
    pdu_too_long,          // over the announced or the configured limit
    invalid_length,        // a length that does not fit its surroundings
    invalid_value,   // a field with a value that the standard excludes (even context id, blank AE title, ...)
    missing_item,    // a mandatory item is not there
    too_many_items,  // more than 128 contexts, or more user items than the limit
    unexpected_pdu,  // not allowed in the present state (PS3.8 9.2.3)
    unexpected_pdv,  // fragments of two messages interleaved, data set without command, ...
    command_too_long,  // a command set over 64 KiB
};

ErrorCode make_error_code(errc);

/// Reason for an A-ABORT by the service-provider (PS3.8 table 9-26).
std::uint8_t abort_reason(ErrorCode);

}  // namespace portcullis::ul

template <>
struct boost::system::is_error_code_enum<portcullis::ul::errc> : std::true_type {};
