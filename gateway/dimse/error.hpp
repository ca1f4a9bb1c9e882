#pragma once
#include "gateway/base/error.hpp"

namespace portcullis::dimse {

enum class errc {
    truncated = 1,  // an element runs past the end of the command set
    wrong_group,    // an element of a group other than 0000
    duplicate_element,
    invalid_value,    // a mandatory number of the wrong size
    missing_element,  // Command Field, Message ID (Being Responded To), Command Data Set Type, Status
};

ErrorCode make_error_code(errc);

}  // namespace portcullis::dimse

template <>
struct boost::system::is_error_code_enum<portcullis::dimse::errc> : std::true_type {};
