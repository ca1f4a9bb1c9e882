#include "gateway/media/part10.hpp"

#include <algorithm>
#include <optional>

#include "gateway/image/attributes.hpp"
#include "gateway/image/element.hpp"
#include "gateway/media/refused.hpp"

namespace portcullis::media {

namespace {

constexpr std::size_t preamble = 128;
constexpr std::string_view prefix = "DICM";
constexpr std::uint16_t meta_group = 0x0002;
constexpr std::uint16_t group_length = 0x0000;
constexpr std::uint16_t media_storage_sop_class_uid = 0x0002;
constexpr std::uint16_t transfer_syntax_uid = 0x0010;
constexpr std::string_view media_storage_directory = "1.2.840.10008.1.3.10";

struct MetaElement {
    std::uint16_t element;
    std::string_view value;
    std::size_t end;
};

/// The element of group 0002 at `at`; nothing where the group has ended.
std::optional<MetaElement> meta_element(ByteView start, std::size_t at) {
    const auto rest = start.subspan(at);
    if (rest.size() < 2 || load_le16(rest.data()) != meta_group) return std::nullopt;
    const bool is_short = rest.size() >= 8 && image::has_short_length(as_text(rest.subspan(4, 2)));
    const std::size_t header = is_short ? 8 : 12;
    if (rest.size() < header) throw Refused("ends inside its File Meta Information; it was cut off");
    const std::size_t length = is_short ? load_le16(&rest[6]) : load_le32(&rest[8]);
    if (length > rest.size() - header)
        throw Refused("a value of its File Meta Information is too long; it was cut off or is damaged");
    return MetaElement{load_le16(&rest[2]), as_text(rest.subspan(header, length)), at + header + length};
}

}  // namespace

bool FileHead::is_directory() const {
    return sop_class == media_storage_directory;
}

FileHead read_head(ByteView start) {
    FileHead head;
    head.length = preamble + prefix.size();
    if (start.size() < head.length || as_text(start.subspan(preamble, prefix.size())) != prefix)
        throw Refused("no DICOM file: DICM is not where it has to be");
    while (const auto element = meta_element(start, head.length)) {
        if (element->element == media_storage_sop_class_uid)
            head.sop_class = image::without_padding(element->value);
        if (element->element == transfer_syntax_uid)
            head.transfer_syntax = image::without_padding(element->value);
        head.length = element->end;
    }
    return head;
}

Bytes with_transfer_syntax(ByteView head, const Uid& uid) {
    constexpr image::Encoding meta_encoding{true};
    std::string value = uid.str();
    if (value.size() % 2 != 0) value += '\0';
    std::size_t at = preamble + prefix.size();
    Bytes changed(head.begin(), head.begin() + static_cast<std::ptrdiff_t>(at));
    std::optional<std::size_t> length_at;
    while (const auto element = meta_element(head, at)) {
        if (element->element == transfer_syntax_uid) {
            image::append_header(changed, std::uint32_t{meta_group} << 16 | transfer_syntax_uid, "UI",
                                 static_cast<std::uint32_t>(value.size()), meta_encoding);
            append(changed, as_bytes(value));
        } else {
            append(changed, head.subspan(at, element->end - at));
        }
        if (element->element == group_length && element->value.size() == 4) length_at = changed.size() - 4;
        at = element->end;
    }
    if (!length_at) return changed;
    Bytes length;
    append_le32(length, static_cast<std::uint32_t>(changed.size() - *length_at - 4));
    std::copy(length.begin(), length.end(), changed.begin() + static_cast<std::ptrdiff_t>(*length_at));
    return changed;
}

image::TransferSyntax transfer_syntax_of(const FileHead& head) {
    if (head.transfer_syntax.empty())
        throw Refused("its File Meta Information names no transfer syntax (0002,0010)");
    const auto uid = Uid::parse(head.transfer_syntax);
    const auto syntax = uid ? image::carried_transfer_syntax(*uid) : std::nullopt;
    if (!syntax)
        throw Refused("transfer syntax " + (uid ? uid->str() : std::string("(0002,0010)")) +
                      " is not in this version; convert it to Explicit VR Little Endian");
    return *syntax;
}

}  // namespace portcullis::media
