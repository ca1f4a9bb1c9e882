#pragma once
// The user information item and its sub-items (PS3.8 9.3.2.3 and annex D, PS3.7 D.3.3): reader and writer
// side by side, used by both A-ASSOCIATE PDUs. Not for other rooms.

#include "gateway/ul/pdu.hpp"
#include "gateway/ul/reader.hpp"

namespace portcullis::ul {

inline constexpr std::uint8_t user_information_item = 0x50;

/// Most sub-items in one user information: roles, extended and common extended negotiation for every one of
/// 128 contexts, and room to spare.
inline constexpr std::size_t most_user_items = 1024;

/// Longest user information that is accepted, in bytes: what comes in is passed on under the gateway's own
/// name, which may be longer than the peer's, in an item of at most 65,535.
inline constexpr std::size_t longest_user_information = 65'000;

Result<UserInformation> decode_user_information(ByteView value);
void append_user_information(Bytes& out, const UserInformation& user);

}  // namespace portcullis::ul
