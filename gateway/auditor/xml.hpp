#pragma once
// Records as the audit messages that repositories take (DICOM PS3.15 A.5), in one well-formed document:
//
//   <?xml version="1.0" encoding="UTF-8"?>
//   <AuditMessages>
//   <AuditMessage>...</AuditMessage>      one on each line, as atna_message() makes it
//   </AuditMessages>

#include <optional>
#include <string>

#include "gateway/audit/atna.hpp"

namespace portcullis::auditor {

// Each with line feed.
std::string xml_head();
/// Nothing: the record has no message.
std::optional<std::string> xml_line(const audit::Logged&, const audit::Reporter&);
std::string xml_end();

}  // namespace portcullis::auditor
