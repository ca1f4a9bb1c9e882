#pragma once
#include <cstdint>

namespace portcullis::codec::rabbit {

/// A of RFC 4503 2.5: what the counters grow by.
inline constexpr std::uint32_t counter_constants[8] = {0x4D34D34D, 0xD34D34D3, 0x34D34D34, 0x4D34D34D,
                                                       0xD34D34D3, 0x34D34D34, 0x4D34D34D, 0xD34D34D3};

}  // namespace portcullis::codec::rabbit
