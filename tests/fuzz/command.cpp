// What is decoded can be encoded, and is then the same; every accessor and a response work on it.

#include "gateway/dimse/command.hpp"

#include "tests/fuzz/fuzz.hpp"

namespace portcullis::fuzz {

namespace {

using namespace portcullis::dimse;

constexpr Element elements[] = {Element::group_length,
                                Element::affected_sop_class_uid,
                                Element::requested_sop_class_uid,
                                Element::command_field,
                                Element::message_id,
                                Element::message_id_being_responded_to,
                                Element::move_destination,
                                Element::priority,
                                Element::command_data_set_type,
                                Element::status,
                                Element::offending_element,
                                Element::error_comment,
                                Element::affected_sop_instance_uid,
                                Element::requested_sop_instance_uid,
                                Element::number_of_remaining_suboperations,
                                Element::move_originator_ae_title,
                                Element::move_originator_message_id};

void check_round_trip(const Command& command) {
    const Bytes encoded = command.encode();
    const auto again = Command::decode(encoded);
    require(again.has_value(), "what was encoded is decoded");
    require(*again == command, "a command set comes back from its bytes");
    require(again->encode() == encoded, "a command set has one encoding");
}

void check_accessors(const Command& command) {
    for (const Element element : elements) {
        const auto text = command.text(element);
        if (command.number(element) || command.uid(element) || command.ae_title(element))
            require(text.has_value(), "an element that has a value has text");
    }
}

void check_changes(const Command& command) {
    Command changed = command;
    changed.set(Element::message_id, 0x1234);
    changed.set(Element::move_destination, "GATEWAY");
    changed.erase(Element::affected_sop_instance_uid);
    require(changed.message_id() == MessageId{0x1234}, "what was set is found");
    require(!changed.text(Element::affected_sop_instance_uid), "what was erased is gone");
    check_round_trip(changed);
    changed.set(Element::message_id, static_cast<std::uint16_t>(command.message_id()));
    require(changed.has_data_set() == command.has_data_set(), "what was not set stays");
}

}  // namespace

void fuzz_one(ByteView input) {
    const auto command = Command::decode(input);
    if (!command) return;
    check_round_trip(*command);
    check_accessors(*command);
    check_changes(*command);
    if (!command->is_response()) check_round_trip(response_to(*command, 0xa700));
}

}  // namespace portcullis::fuzz
