#pragma once
// An audit message as PS3.15 A.5.1 has it, and how it is written.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace portcullis::audit::atna {

/// csd-code, codeSystemName and originalText (PS3.16 D, or RFC 3881).
struct Code {
    std::string_view value;
    std::string_view system;
    std::string_view meaning;
};

// EventID (PS3.16 CID 400)
constexpr Code application_activity{"110100", "DCM", "Application Activity"};
constexpr Code begin_transferring{"110102", "DCM", "Begin Transferring DICOM Instances"};
constexpr Code instances_accessed{"110103", "DCM", "DICOM Instances Accessed"};
constexpr Code instances_transferred{"110104", "DCM", "DICOM Instances Transferred"};
constexpr Code query{"110112", "DCM", "Query"};
constexpr Code security_alert{"110113", "DCM", "Security Alert"};

// EventTypeCode (CID 401, 403)
constexpr Code application_start{"110120", "DCM", "Application Start"};
constexpr Code application_stop{"110121", "DCM", "Application Stop"};
constexpr Code node_authentication{"110126", "DCM", "Node Authentication"};
constexpr Code emergency_override_started{"110127", "DCM", "Emergency Override Started"};
constexpr Code security_configuration{"110129", "DCM", "Security Configuration"};
constexpr Code use_of_restricted_function{"110132", "DCM", "Use of Restricted Function"};
constexpr Code object_security_attributes_changed{"110135", "DCM", "Object Security Attributes Changed"};
constexpr Code user_security_attributes_changed{"110137", "DCM", "User Security Attributes Changed"};
/// The context group is extensible, and has none for it.
constexpr Code audit_log_storage{"storage", "99PORTCULLIS", "Audit Log Storage"};
constexpr Code audit_log_checkpoint{"checkpoint", "99PORTCULLIS", "Audit Log Checkpoint"};

// RoleIDCode (CID 402)
constexpr Code application_role{"110150", "DCM", "Application"};
constexpr Code destination_role{"110152", "DCM", "Destination Role ID"};
constexpr Code source_role{"110153", "DCM", "Source Role ID"};

// ParticipantObjectIDTypeCode (CID 404)
constexpr Code study_instance_uid{"110180", "DCM", "Study Instance UID"};
constexpr Code sop_class_uid{"110181", "DCM", "SOP Class UID"};
constexpr Code node_id{"110182", "DCM", "Node ID"};
constexpr Code patient_number{"2", "RFC-3881", "Patient Number"};
constexpr Code user_identifier{"11", "RFC-3881", "User Identifier"};
constexpr Code uri{"12", "RFC-3881", "URI"};

enum class Action : char { read = 'R', execute = 'E' };

/// EventOutcomeIndicator. Of a Security Alert how severe it is: a minor or serious one was coped with.
enum class Outcome { success = 0, minor_failure = 4, serious_failure = 8 };

struct Participant {
    std::string user_id;
    std::string ae_title = {};  // empty: none, or not known
    std::string address = {};   // IP; empty: not known
    bool requestor = false;
    std::optional<Code> role = {};
};

struct Detail {
    std::string type;
    std::string value;  // any bytes
};

enum class ObjectType { person = 1, system = 2 };

/// ParticipantObjectTypeCodeRole
enum class ObjectRole { patient = 1, report = 3, security_resource = 13 };

/// Instances of one SOP class.
struct Instances {
    std::string sop_class;  // empty: not known
    std::string instance;   // empty: not named
    std::uint64_t number = 1;
};

struct Object {
    ObjectType type;
    ObjectRole role;
    Code id_type;
    std::string id;
    std::string name = {};
    std::string query = {};  // in base64; instead of a name, which the schema wants else
    std::vector<Detail> details = {};
    std::optional<Instances> instances = {};
    std::optional<bool> encrypted = {};
};

struct Message {
    Code event;
    std::optional<Code> type;
    Action action;
    std::string time;  // xsd:dateTime with time zone
    Outcome outcome = Outcome::success;
    std::string outcome_description = {};
    std::vector<Participant> participants = {};
    std::vector<Object> objects = {};
};

/// XML in one line. `source` identifies who reports (AuditSourceID).
std::string written(const Message&, const std::string& source);

}  // namespace portcullis::audit::atna
