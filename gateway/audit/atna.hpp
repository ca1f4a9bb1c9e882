#pragma once
// The audit messages that others read: DICOM PS3.15 A.5, as IHE ITI TF-2 3.20 wants them in a repository.

#include <optional>
#include <string>

#include "gateway/audit/reader.hpp"
#include "gateway/base/names.hpp"

namespace portcullis::audit {

/// Who reports: the AuditSourceIdentification, and the participants that are the gateway itself. Neither the
/// host's name nor the process id, so that a message sent again is the same message, also after a restart.
struct Reporter {
    std::string gateway_id;  // gateway.id of the configuration
    AeTitle ae_title;        // gateway.ae_title
};

/// The PS3.15 A.5 message of a record; nothing for a record that has none, such as the intent of a store,
/// whose outcome follows. README.md has the table of them. XML 1.0 in UTF-8, one line without declaration and
/// line feed. A pure function of its arguments: the same record gives the same bytes.
std::optional<std::string> atna_message(const Logged&, const Reporter&);

}  // namespace portcullis::audit
