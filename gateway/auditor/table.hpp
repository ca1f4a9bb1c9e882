#pragma once
// Records as lines that a person reads on a terminal.

#include <string>

#include "gateway/audit/reader.hpp"

namespace portcullis::auditor {

/// What stands above them.
std::string table_head();
/// Number, time, event and phase, outcome, who; then all else that the record says. What others wrote into
/// the record cannot move the cursor.
std::string table_row(const audit::Logged&);

/// Without control characters, those of ISO 6429 in UTF-8 among them.
std::string printable(std::string_view text);

}  // namespace portcullis::auditor
