#pragma once
// Status codes that the gateway itself gives (PS3.7 annex C, PS3.4 tables B.2-1, C.4-2, C.4-3). A peer's own
// are passed on as they are.

#include <cstdint>

namespace portcullis::dimse::status {

inline constexpr std::uint16_t success = 0x0000;
inline constexpr std::uint16_t invalid_argument_value = 0x0115;           // PS3.7 C.5.10
inline constexpr std::uint16_t sop_class_not_supported = 0x0122;          // PS3.7 C.5.6
inline constexpr std::uint16_t not_authorized = 0x0124;                   // PS3.7 C.5.25
inline constexpr std::uint16_t duplicate_invocation = 0x0210;             // PS3.7 C.5.7
inline constexpr std::uint16_t unrecognized_operation = 0x0211;           // PS3.7 C.5.23
inline constexpr std::uint16_t resource_limitation = 0x0213;              // PS3.7 C.5.22
inline constexpr std::uint16_t processing_failure = 0x0110;               // PS3.7 C.5.21
inline constexpr std::uint16_t out_of_resources = 0xA700;                 // PS3.4 B.2.3
inline constexpr std::uint16_t unable_to_perform_suboperations = 0xA702;  // PS3.4 C.4.2.1.5
inline constexpr std::uint16_t move_destination_unknown = 0xA801;         // PS3.4 C.4.2.1.5
inline constexpr std::uint16_t data_set_mismatch = 0xA900;                // PS3.4 B.2.3
inline constexpr std::uint16_t suboperations_with_failures =
    0xB000;                                                 // PS3.4 C.4.2.1.5; for C-STORE: coercion
inline constexpr std::uint16_t cannot_understand = 0xC000;  // PS3.4 B.2.3
inline constexpr std::uint16_t cancelled = 0xFE00;
inline constexpr std::uint16_t pending = 0xFF00;
inline constexpr std::uint16_t pending_with_warning = 0xFF01;

constexpr bool is_pending(std::uint16_t status) {
    return status == pending || status == pending_with_warning;
}
/// PS3.7 annex C.4: 0001, 0107, 0116 and B000..BFFF.
constexpr bool is_warning(std::uint16_t status) {
    return status == 0x0001 || status == 0x0107 || status == 0x0116 || (status & 0xF000) == 0xB000;
}

}  // namespace portcullis::dimse::status
