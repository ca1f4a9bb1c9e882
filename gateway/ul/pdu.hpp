#pragma once
// The seven PDUs of the DICOM upper layer (PS3.8 9.3) as one sum type. decode.hpp reads them, encode.hpp
// writes them; nothing else in the gateway knows their layout.

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "gateway/base/bytes.hpp"
#include "gateway/base/names.hpp"

namespace portcullis::ul {

enum class PduType : std::uint8_t {
    associate_rq = 0x01,
    associate_ac = 0x02,
    associate_rj = 0x03,
    p_data = 0x04,
    release_rq = 0x05,
    release_rp = 0x06,
    abort = 0x07,
};

/// PS3.8 9.3.2.2: one abstract syntax and the transfer syntaxes that its proposer can handle.
struct ProposedContext {
    ContextId id;
    Uid abstract_syntax;
    std::vector<Uid> transfer_syntaxes;
    bool operator==(const ProposedContext&) const = default;
};

/// PS3.8 table 9-18.
enum class ContextResult : std::uint8_t {
    acceptance = 0,
    user_rejection = 1,
    no_reason = 2,
    abstract_syntax_not_supported = 3,
    transfer_syntaxes_not_supported = 4,
};

/// PS3.8 9.3.3.2. The transfer syntax is significant only on acceptance; kept as text, since implementations
/// send an empty one on rejection.
struct NegotiatedContext {
    ContextId id;
    ContextResult result;
    std::string transfer_syntax;
    bool operator==(const NegotiatedContext&) const = default;
};

/// PS3.7 D.3.3.3.
struct AsynchronousOperationsWindow {
    std::uint16_t invoked;
    std::uint16_t performed;
    bool operator==(const AsynchronousOperationsWindow&) const = default;
};

/// PS3.7 D.3.3.4.
struct RoleSelection {
    Uid sop_class;
    bool scu;
    bool scp;
    bool operator==(const RoleSelection&) const = default;
};

/// PS3.7 D.3.3.5.
struct ExtendedNegotiation {
    Uid sop_class;
    Bytes application_information;
    bool operator==(const ExtendedNegotiation&) const = default;
};

/// PS3.7 D.3.3.6.
struct CommonExtendedNegotiation {
    std::uint8_t version;
    Uid sop_class;
    Uid service_class;
    std::vector<Uid> related_general_sop_classes;
    Bytes reserved;  // whatever follows inside the item, kept as it came
    bool operator==(const CommonExtendedNegotiation&) const = default;
};

/// PS3.7 D.3.3.7.1. Credentials: never logged.
struct UserIdentityRq {
    std::uint8_t type;
    bool positive_response_requested;
    Bytes primary;
    Bytes secondary;
    bool operator==(const UserIdentityRq&) const = default;
};

/// PS3.7 D.3.3.7.2.
struct UserIdentityAc {
    Bytes server_response;
    bool operator==(const UserIdentityAc&) const = default;
};

/// An item of a type that this implementation does not know, without its header.
struct UnknownItem {
    std::uint8_t type;
    Bytes value;
    bool operator==(const UnknownItem&) const = default;
};

/// PS3.8 9.3.2.3 and annex D, PS3.7 annex D.3.3.
struct UserInformation {
    std::uint32_t maximum_length = 0;  // bytes of a P-DATA-TF PDU's variable field; 0: no limit. PS3.8 D.1
    bool maximum_length_present = true;
    std::string implementation_class_uid;
    std::string implementation_version_name;
    std::optional<AsynchronousOperationsWindow> asynchronous_operations_window;
    std::vector<RoleSelection> roles;
    std::vector<ExtendedNegotiation> extended;
    std::vector<CommonExtendedNegotiation> common_extended;
    std::optional<UserIdentityRq> user_identity_rq;
    std::optional<UserIdentityAc> user_identity_ac;
    std::vector<UnknownItem> unknown;
    bool operator==(const UserInformation&) const = default;
};

struct AssociateRq {
    std::uint16_t protocol_version = 1;
    AeTitle called;
    AeTitle calling;
    std::string application_context;
    std::vector<ProposedContext> contexts;
    UserInformation user;
    std::vector<UnknownItem> unknown;
    bool operator==(const AssociateRq&) const = default;
};

/// The titles are those of the request, echoed (PS3.8 table 9-17: not tested when received).
struct AssociateAc {
    std::uint16_t protocol_version = 1;
    std::string called;   // 16 bytes as they stand in the PDU
    std::string calling;  // 16 bytes as they stand in the PDU
    std::string application_context;
    std::vector<NegotiatedContext> contexts;
    UserInformation user;
    std::vector<UnknownItem> unknown;
    bool operator==(const AssociateAc&) const = default;
};

/// PS3.8 table 9-21.
struct AssociateRj {
    std::uint8_t result;
    std::uint8_t source;
    std::uint8_t reason;
    bool operator==(const AssociateRj&) const = default;
};

/// One presentation data value (PS3.8 9.3.5.1, annex E.2). `data` looks into the buffer that was decoded.
struct Pdv {
    ContextId context;
    bool command;
    bool last;
    ByteView data;
};

struct PData {
    std::vector<Pdv> values;
};

struct ReleaseRq {
    bool operator==(const ReleaseRq&) const = default;
};
struct ReleaseRp {
    bool operator==(const ReleaseRp&) const = default;
};

/// PS3.8 table 9-26.
struct Abort {
    std::uint8_t source;  // 0 service-user, 2 service-provider
    std::uint8_t reason;
    bool operator==(const Abort&) const = default;
};

using Pdu = std::variant<AssociateRq, AssociateAc, AssociateRj, PData, ReleaseRq, ReleaseRp, Abort>;

inline constexpr std::string_view application_context_name = "1.2.840.10008.3.1.1.1";  // PS3.7 A.2.1

}  // namespace portcullis::ul
