#pragma once
// Records as CSV (RFC 4180: CRLF, quotes where needed, UTF-8), for spreadsheets.
//
// The columns are fixed: seq, time, event, phase, outcome, operation, calling_ae, called_ae, address, user,
// peer, archive, destination, sop_class, sop_instance, study, patient_id, status, decision, rule, reason,
// detail, bytes, rest. `outcome` is success, failure, refused, alert or empty (outcome.hpp); `rest` is a JSON
// object of all values that have no column. A value that a spreadsheet would take for a formula (it begins
// with = + - @, a tab or a carriage return) has an apostrophe before it, and so has a part of a value that
// one would which takes semicolons or tabs for separators.

#include <string>

#include "gateway/audit/reader.hpp"

namespace portcullis::auditor {

// With CRLF.
std::string csv_head();
std::string csv_row(const audit::Logged&);

}  // namespace portcullis::auditor
