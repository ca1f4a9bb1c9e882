#pragma once
#include "gateway/base/error.hpp"

namespace portcullis::net {

enum class errc {
    closed = 1,       // the peer closed the transport connection
    timed_out,        // a deadline passed; the connection is closed
    unreachable,      // no address, or no transport connection
    rejected,         // A-ASSOCIATE-RJ
    aborted,          // A-ABORT
    refused_pdu,      // the peer broke the protocol; an A-ABORT was sent
    not_established,  // a local error: the association does not allow this now
};

ErrorCode make_error_code(errc);

}  // namespace portcullis::net

template <>
struct boost::system::is_error_code_enum<portcullis::net::errc> : std::true_type {};
