#include "gateway/image/transfer_syntax.hpp"

#include <algorithm>
#include <array>
#include <string_view>

namespace portcullis::image {

namespace {

/// Not Explicit VR Little Endian in the stream, or without the pixels (PS3.5 annex A, PS3.6 annex A).
constexpr std::array<std::string_view, 11> not_carried = {
    "1.2.840.10008.1.2.4.94",   // JPIP Referenced
    "1.2.840.10008.1.2.4.95",   // JPIP Referenced Deflate
    "1.2.840.10008.1.2.4.204",  // JPIP HTJ2K Referenced
    "1.2.840.10008.1.2.4.205",  // JPIP HTJ2K Referenced Deflate
    "1.2.840.10008.1.2.6.1",    // RFC 2557 MIME encapsulation
    "1.2.840.10008.1.2.6.2",    // XML encoding
    "1.2.840.10008.1.2.7.1",    // SMPTE ST 2110-20
    "1.2.840.10008.1.2.7.2",    // SMPTE ST 2110-20
    "1.2.840.10008.1.2.7.3",    // SMPTE ST 2110-30
    "1.2.840.10008.1.20",       // Papyrus 3 Implicit VR Little Endian
    "1.2.840.113619.5.2",       // GE private: Implicit VR with big endian pixels
};

}  // namespace

std::optional<TransferSyntax> carried_transfer_syntax(const Uid& uid) {
    if (uid.str() == "1.2.840.10008.1.2") return TransferSyntax{uid, {false}};
    if (uid.str() == "1.2.840.10008.1.2.1") return TransferSyntax{uid, {true}};
    if (uid.str() == "1.2.840.10008.1.2.1.99")
        return TransferSyntax{.uid = uid, .encoding = {true}, .encapsulated = false, .deflated = true};
    if (uid.str() == "1.2.840.10008.1.2.2") return TransferSyntax{uid, {true, true}};
    if (std::find(not_carried.begin(), not_carried.end(), uid.str()) != not_carried.end())
        return std::nullopt;
    return TransferSyntax{uid, {true}, true};
}

}  // namespace portcullis::image
