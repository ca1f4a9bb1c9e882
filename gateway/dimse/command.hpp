#pragma once
// Command sets (PS3.7 6.3 and annex E): always Implicit VR Little Endian, group 0000. Elements that the
// gateway does not change keep their bytes, unknown ones included.

#include <optional>
#include <string>
#include <vector>

#include "gateway/base/bytes.hpp"
#include "gateway/base/error.hpp"
#include "gateway/base/names.hpp"

namespace portcullis::dimse {

/// PS3.7 table E.1-1, (0000,0100). A response is its request with bit 15 set.
enum class CommandField : std::uint16_t {
    c_store_rq = 0x0001,
    c_store_rsp = 0x8001,
    c_get_rq = 0x0010,
    c_get_rsp = 0x8010,
    c_find_rq = 0x0020,
    c_find_rsp = 0x8020,
    c_move_rq = 0x0021,
    c_move_rsp = 0x8021,
    c_echo_rq = 0x0030,
    c_echo_rsp = 0x8030,
    n_event_report_rq = 0x0100,
    n_event_report_rsp = 0x8100,
    n_get_rq = 0x0110,
    n_get_rsp = 0x8110,
    n_set_rq = 0x0120,
    n_set_rsp = 0x8120,
    n_action_rq = 0x0130,
    n_action_rsp = 0x8130,
    n_create_rq = 0x0140,
    n_create_rsp = 0x8140,
    n_delete_rq = 0x0150,
    n_delete_rsp = 0x8150,
    c_cancel_rq = 0x0FFF,
};

/// Element numbers of group 0000 (PS3.7 table E.1-1).
enum class Element : std::uint16_t {
    group_length = 0x0000,
    affected_sop_class_uid = 0x0002,
    requested_sop_class_uid = 0x0003,
    command_field = 0x0100,
    message_id = 0x0110,
    message_id_being_responded_to = 0x0120,
    move_destination = 0x0600,
    priority = 0x0700,
    command_data_set_type = 0x0800,
    status = 0x0900,
    offending_element = 0x0901,
    error_comment = 0x0902,
    affected_sop_instance_uid = 0x1000,
    requested_sop_instance_uid = 0x1001,
    number_of_remaining_suboperations = 0x1020,
    number_of_completed_suboperations = 0x1021,
    number_of_failed_suboperations = 0x1022,
    number_of_warning_suboperations = 0x1023,
    move_originator_ae_title = 0x1030,
    move_originator_message_id = 0x1031,
};

/// (0000,0800): any value but this says that a data set follows (PS3.7 table E.1-1).
inline constexpr std::uint16_t no_data_set = 0x0101;

class Command {
  public:
    Command() = default;
    explicit Command(CommandField field) { set(Element::command_field, static_cast<std::uint16_t>(field)); }

    /// Tolerates unsorted elements and a wrong group length (devices in the field send both), and leaves out
    /// what a response has of other groups (Orthanc's to a C-GET that fails); refuses duplicates, in a
    /// request elements of other groups, lengths past the end, and any of these where it is missing or not
    /// two bytes: Command Field, Message ID (or Message ID Being Responded To), Command Data Set Type and, in
    /// a response, Status: without it a failure would pass for a success.
    static Result<Command> decode(ByteView command_set);
    /// Sorted by tag, with the right group length.
    Bytes encode() const;

    /// The raw field: it may be one that CommandField does not name.
    CommandField field() const;
    bool is_response() const { return (static_cast<std::uint16_t>(field()) & 0x8000) != 0; }
    bool has_data_set() const;

    std::optional<std::uint16_t> number(Element) const;  // US
    std::optional<std::string> text(Element) const;      // AE, UI, LO, without padding
    std::optional<Uid> uid(Element) const;
    std::optional<AeTitle> ae_title(Element) const;

    void set(Element, std::uint16_t);
    void set(Element, std::string_view text);  // UIDs padded with NUL, the rest with a space
    void erase(Element);

    MessageId message_id() const;             // of a request; 0 if absent
    MessageId responded_to() const;           // of a response or a C-CANCEL; 0 if absent
    std::uint16_t status() const;             // of a response; 0 if absent
    std::optional<Uid> sop_class() const;     // affected, else requested
    std::optional<Uid> sop_instance() const;  // affected, else requested

    bool operator==(const Command&) const = default;

  private:
    struct Entry {
        std::uint16_t element;
        Bytes value;
        bool operator==(const Entry&) const = default;
    };
    ErrorCode check_mandatory() const;
    const Entry* find(Element) const;
    void put(Element, Bytes value);
    std::vector<Entry> entries_;  // sorted by element, without the group length
};

/// The response to `request` with this status and no data set: echoes Message ID, SOP class and SOP instance
/// (PS3.7 9.3, 10.3). Not for C-CANCEL, which has no response.
Command response_to(const Command& request, std::uint16_t status);

}  // namespace portcullis::dimse
