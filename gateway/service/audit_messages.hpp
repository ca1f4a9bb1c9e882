#pragma once
#include <optional>
#include <string>

#include "gateway/audit/atna.hpp"

namespace portcullis::service {

/// The syslog message of a record (DICOM PS3.15 A.6, IHE ITI TF-2 3.20): its PS3.15 A.5 message, under the
/// time of the record and the id of the gateway. The severity is notice, warning for what was refused or
/// failed, and alert for alerts. Nothing for a record that has no message. A pure function of its arguments.
std::optional<std::string> syslog_message(const audit::Logged&, const audit::Reporter&);

}  // namespace portcullis::service
