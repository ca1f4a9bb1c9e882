#pragma once
// From PDUs to bytes: the exact reverse of decode.hpp.

#include "gateway/ul/pdu.hpp"

namespace portcullis::ul {

/// Appends the PDU, header included, to `out`.
void encode(const Pdu& pdu, Bytes& out);

}  // namespace portcullis::ul
