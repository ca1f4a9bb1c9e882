#pragma once
#include <stdexcept>

namespace portcullis::media {

/// A file that is left as it is: why, and what to do, in one line without its name.
class Refused : public std::runtime_error {
    using std::runtime_error::runtime_error;
};

/// "WHAT: reason of errno".
[[noreturn]] void refuse_errno(const std::string& what);

}  // namespace portcullis::media
