#pragma once
// Errors that are expected (bad input, a peer that goes away) are values: an error_code of the room's own
// category. Exceptions are for start-up and for bugs.

#include <boost/system/error_code.hpp>
#include <boost/system/result.hpp>

namespace portcullis {

template <class T>
using Result = boost::system::result<T>;

using ErrorCode = boost::system::error_code;

}  // namespace portcullis
