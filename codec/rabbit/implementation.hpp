#pragma once
// Which code steps the sixteen lanes: plain C++, AVX2 or AVX-512. They are one algorithm (kernel.hpp) and
// give the same bytes.

#include <string_view>
#include <vector>

#include "codec/rabbit/lanes.hpp"

namespace portcullis::codec::rabbit {

struct Implementation {
    std::string_view name;
    /// XORs the keystream of the next `blocks` blocks onto the text.
    void (*apply)(LaneStates&, std::uint8_t* text, std::size_t blocks);
};

/// The widest that this processor has; or the one that the environment variable PORTCULLIS_RABBIT names.
/// Throws std::runtime_error if that is none that this processor has.
const Implementation& implementation();
/// Those that this processor has; the widest last.
const std::vector<Implementation>& implementations();

void apply_portable(LaneStates&, std::uint8_t* text, std::size_t blocks);
#ifdef __x86_64__
void apply_avx2(LaneStates&, std::uint8_t* text, std::size_t blocks);
void apply_avx512(LaneStates&, std::uint8_t* text, std::size_t blocks);
#endif

}  // namespace portcullis::codec::rabbit
