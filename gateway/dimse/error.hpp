#pragma once
#include "gateway/base/error.hpp"

namespace portcullis::dimse {

enum class errc {
    truncated = 1,  // an element runs past the end of the command set
    wrong_group,    // an element of a group other than 0000
    duplicate_element,
    invalid_value,    // a number of the wrong size, a UID or AE title that is none
    missing_element,  // Command Field, or Message ID (Being Responded To)
};

ErrorCode make_error_code(errc);

}  // namespace portcullis::dimse

template <>
struct boost::system::is_error_code_enum<portcullis::dimse::errc> : std::true_type {};
