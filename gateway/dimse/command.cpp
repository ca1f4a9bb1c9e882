#include "gateway/dimse/command.hpp"

#include <algorithm>

#include "gateway/dimse/error.hpp"

namespace portcullis::dimse {

namespace {

constexpr std::size_t element_header_size = 8;  // group, element, 32-bit length: Implicit VR, PS3.5 7.1.3

constexpr std::uint16_t number_of(Element element) {
    return static_cast<std::uint16_t>(element);
}

bool is_uid(Element element) {
    return element == Element::affected_sop_class_uid || element == Element::requested_sop_class_uid ||
           element == Element::affected_sop_instance_uid || element == Element::requested_sop_instance_uid;
}

void append_element(Bytes& out, std::uint16_t element, ByteView value) {
    append_le16(out, 0);
    append_le16(out, element);
    append_le32(out, static_cast<std::uint32_t>(value.size()));
    append(out, value);
}

}  // namespace

Result<Command> Command::decode(ByteView command_set) {
    Command command;
    auto& entries = command.entries_;
    bool other_groups = false;
    while (!command_set.empty()) {
        if (command_set.size() < element_header_size) return errc::truncated;
        const auto group = load_le16(command_set.data());
        const auto element = load_le16(command_set.data() + 2);
        const auto length = load_le32(command_set.data() + 4);
        command_set = command_set.subspan(element_header_size);
        if (length > command_set.size()) return errc::truncated;
        const auto value = command_set.first(length);
        if (group == 0)
            entries.push_back({element, Bytes(value.begin(), value.end())});
        else
            other_groups = true;
        command_set = command_set.subspan(length);
    }
    std::sort(entries.begin(), entries.end(),
              [](const Entry& a, const Entry& b) { return a.element < b.element; });
    const auto same = [](const Entry& a, const Entry& b) { return a.element == b.element; };
    if (std::adjacent_find(entries.begin(), entries.end(), same) != entries.end())
        return errc::duplicate_element;
    if (other_groups && !command.is_response()) return errc::wrong_group;
    std::erase_if(entries,
                  [](const Entry& entry) { return entry.element == number_of(Element::group_length); });
    if (const auto error = command.check_mandatory()) return error;
    return command;
}

ErrorCode Command::check_mandatory() const {
    const auto check = [this](Element element) -> ErrorCode {
        const Entry* entry = find(element);
        if (entry == nullptr) return errc::missing_element;
        if (entry->value.size() != 2) return errc::invalid_value;
        return {};
    };
    if (const auto error = check(Element::command_field)) return error;
    const bool refers_back = is_response() || field() == CommandField::c_cancel_rq;
    if (const auto error = check(refers_back ? Element::message_id_being_responded_to : Element::message_id))
        return error;
    if (const auto error = check(Element::command_data_set_type)) return error;
    return is_response() ? check(Element::status) : ErrorCode();
}

Bytes Command::encode() const {
    Bytes elements;
    for (const auto& entry : entries_) append_element(elements, entry.element, entry.value);
    Bytes length;
    append_le32(length, static_cast<std::uint32_t>(elements.size()));
    Bytes out;
    out.reserve(element_header_size + length.size() + elements.size());
    append_element(out, number_of(Element::group_length), length);
    append(out, elements);
    return out;
}

CommandField Command::field() const {
    return static_cast<CommandField>(number(Element::command_field).value_or(0));
}

bool Command::has_data_set() const {
    return number(Element::command_data_set_type).value_or(no_data_set) != no_data_set;
}

std::optional<std::uint16_t> Command::number(Element element) const {
    const Entry* entry = find(element);
    if (entry == nullptr || entry->value.size() != 2) return std::nullopt;
    return load_le16(entry->value.data());
}

std::optional<std::string> Command::text(Element element) const {
    const Entry* entry = find(element);
    if (entry == nullptr) return std::nullopt;
    std::string_view text = as_text(entry->value);
    while (!text.empty() && (text.back() == '\0' || text.back() == ' ')) text.remove_suffix(1);
    return std::string(text);
}

std::optional<Uid> Command::uid(Element element) const {
    const Entry* entry = find(element);
    return entry == nullptr ? std::nullopt : Uid::parse(as_text(entry->value));
}

std::optional<AeTitle> Command::ae_title(Element element) const {
    const auto title = text(element);
    return title ? AeTitle::parse(*title) : std::nullopt;
}

void Command::set(Element element, std::uint16_t value) {
    Bytes bytes;
    append_le16(bytes, value);
    put(element, std::move(bytes));
}

void Command::set(Element element, std::string_view text) {
    Bytes bytes;
    append(bytes, as_bytes(text));
    if (bytes.size() % 2 != 0) bytes.push_back(is_uid(element) ? '\0' : ' ');
    put(element, std::move(bytes));
}

void Command::erase(Element element) {
    std::erase_if(entries_, [&](const Entry& entry) { return entry.element == number_of(element); });
}

MessageId Command::message_id() const {
    return MessageId{number(Element::message_id).value_or(0)};
}

MessageId Command::responded_to() const {
    return MessageId{number(Element::message_id_being_responded_to).value_or(0)};
}

std::uint16_t Command::status() const {
    return number(Element::status).value_or(0);
}

std::optional<Uid> Command::sop_class() const {
    const auto affected = uid(Element::affected_sop_class_uid);
    return affected ? affected : uid(Element::requested_sop_class_uid);
}

std::optional<Uid> Command::sop_instance() const {
    const auto affected = uid(Element::affected_sop_instance_uid);
    return affected ? affected : uid(Element::requested_sop_instance_uid);
}

const Command::Entry* Command::find(Element element) const {
    const auto found =
        std::lower_bound(entries_.begin(), entries_.end(), number_of(element),
                         [](const Entry& entry, std::uint16_t wanted) { return entry.element < wanted; });
    return found != entries_.end() && found->element == number_of(element) ? &*found : nullptr;
}

void Command::put(Element element, Bytes value) {
    const auto place =
        std::lower_bound(entries_.begin(), entries_.end(), number_of(element),
                         [](const Entry& entry, std::uint16_t wanted) { return entry.element < wanted; });
    if (place != entries_.end() && place->element == number_of(element))
        place->value = std::move(value);
    else
        entries_.insert(place, {number_of(element), std::move(value)});
}

Command response_to(const Command& request, std::uint16_t status) {
    const auto field = static_cast<std::uint16_t>(static_cast<std::uint16_t>(request.field()) | 0x8000);
    Command response{static_cast<CommandField>(field)};
    response.set(Element::message_id_being_responded_to, static_cast<std::uint16_t>(request.message_id()));
    response.set(Element::command_data_set_type, no_data_set);
    response.set(Element::status, status);
    if (const auto uid = request.sop_class()) response.set(Element::affected_sop_class_uid, uid->str());
    if (const auto uid = request.sop_instance()) response.set(Element::affected_sop_instance_uid, uid->str());
    return response;
}

}  // namespace portcullis::dimse
