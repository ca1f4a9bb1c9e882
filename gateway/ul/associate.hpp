#pragma once
// A-ASSOCIATE-RQ and -AC (PS3.8 9.3.2 and 9.3.3): reader and writer side by side. Not for other rooms.

#include "gateway/ul/pdu.hpp"
#include "gateway/ul/reader.hpp"

namespace portcullis::ul {

inline constexpr std::size_t most_contexts = 128;           // as many odd ids as there are
inline constexpr std::size_t most_transfer_syntaxes = 256;  // of one context; the standard has some sixty
inline constexpr std::size_t most_unknown_items = 64;       // beside the contexts

/// Bytes of an A-ASSOCIATE-RQ or -AC before its items (PS3.8 tables 9-11 and 9-17, without the PDU header).
inline constexpr std::size_t associate_fixed_size = 68;

/// `body` is the PDU without its header.
Result<AssociateRq> decode_associate_rq(ByteView body);
Result<AssociateAc> decode_associate_ac(ByteView body);
void append_associate(Bytes& out, const AssociateRq& request);
void append_associate(Bytes& out, const AssociateAc& answer);

}  // namespace portcullis::ul
