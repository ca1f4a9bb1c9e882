#pragma once
#include <string_view>

namespace portcullis::audit {

/// How an operation came out: `warning` also if it was cancelled by who asked for it; `failure` also if the
/// status is not known.
enum class StatusKind { success, warning, failure };

/// Of a DIMSE status as the log writes it ("B000"): PS3.7 annex C.
StatusKind kind_of_status(std::string_view status);

}  // namespace portcullis::audit
