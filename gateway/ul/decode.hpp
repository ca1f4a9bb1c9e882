#pragma once
// From bytes to PDUs. Every length is checked against what is there before anything is allocated from it.

#include "gateway/base/error.hpp"
#include "gateway/ul/pdu.hpp"

namespace portcullis::ul {

inline constexpr std::size_t pdu_header_size = 6;  // type, reserved, length (big-endian 32): PS3.8 9.3.1

struct PduHeader {
    PduType type;
    std::uint32_t length;  // bytes that follow the header
};

struct DecodeLimits {
    std::uint32_t p_data = 256 * 1024;      // longest variable field of a P-DATA-TF that we announced
    std::uint32_t associate = 1024 * 1024;  // longest A-ASSOCIATE-RQ or -AC
};

/// Judges a PDU by its first six bytes, so that a stranger costs nothing.
/// Errors: errc::unrecognized_pdu, errc::pdu_too_long (over the limit for its type), errc::invalid_length
/// (A-RELEASE, A-ABORT and A-ASSOCIATE-RJ are always 4 bytes).
Result<PduHeader> decode_header(std::span<const std::uint8_t, pdu_header_size> header,
                                const DecodeLimits& limits);

/// Decodes one whole PDU, header included. The views of a PData look into `pdu`.
Result<Pdu> decode(ByteView pdu);

}  // namespace portcullis::ul
