#pragma once
// Why a connection is not, or no longer, secured: the words of OpenSSL, as values.

#include "gateway/base/error.hpp"

namespace portcullis::tls {

/// The transport ended, or the peer said that it would send nothing more.
ErrorCode closed();
/// What OpenSSL has noted on this thread.
ErrorCode last_error();
/// Why a chain of certificates was not accepted: X509_V_ERR_...
ErrorCode not_verified(long reason);

/// One of ours, other than closed().
bool is_failure(const ErrorCode&);
/// One of ours.
bool is_tls(const ErrorCode&);

}  // namespace portcullis::tls
