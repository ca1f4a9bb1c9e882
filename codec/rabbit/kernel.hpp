#pragma once
// One step of Rabbit and its output (RFC 4503 2.5 to 2.7), for a word that may be one lane or a register of
// lanes: the one place where the algorithm of the keystream stands. Compiled several times, for several
// processors, so everything here has internal linkage and nothing of the standard library is instantiated:
// the linker must not take for all what was compiled for one.
//
// There is no table and no branch here: time depends on the number of blocks only.

#include <cstddef>
#include <cstdint>
#include <cstring>

#include "codec/rabbit/constants.hpp"
#include "codec/rabbit/lanes.hpp"

namespace portcullis::codec::rabbit {

namespace {

/// `Word::Type` is an unsigned integer of 32 bits, or a vector of them. What it does not know by itself,
/// `Word` does: is_less (all ones or 0, of two that differ), fold_square (g of the RFC, of a sum), rotl,
/// halves (a >> 16 | b << 16).
template <class Word>
struct Lane {
    using Type = typename Word::Type;
    Type x[8];
    Type counter[8];
    Type borrow;  // all ones where the last counter overflowed, else 0: to subtract it is to carry

    inline __attribute__((always_inline)) void step() {
        Type folded[8];
        for (std::size_t j = 0; j < 8; ++j) {
            const Type before = counter[j];
            // The constant and the carry together do not overflow, nor are they 0.
            counter[j] = before + counter_constants[j] - borrow;
            borrow = Word::is_less(counter[j], before);
            folded[j] = Word::fold_square(x[j] + counter[j]);
        }
        for (std::size_t j = 0; j < 8; j += 2) {
            x[j] = folded[j] + Word::template rotl<16>(folded[(j + 7) % 8]) +
                   Word::template rotl<16>(folded[(j + 6) % 8]);
            x[j + 1] = folded[j + 1] + Word::template rotl<8>(folded[j]) + folded[(j + 7) % 8];
        }
    }

    /// Word 0 to 3 of the output block.
    inline __attribute__((always_inline)) Type output(std::size_t word) const {
        return x[2 * word] ^ Word::halves(x[(2 * word + 5) % 8], x[(2 * word + 3) % 8]);
    }
};

/// A register of lanes through the whole text, so that its state stays in registers; then the next.
template <class Word>
void apply_registers(LaneStates& states, std::uint8_t* text, std::size_t blocks) {
    using Type = typename Word::Type;
    constexpr std::size_t width = sizeof(Type) / sizeof(std::uint32_t);
    // As much as stays in the first-level cache while the registers take their turns.
    constexpr std::size_t most_at_once = 64;
    while (blocks > 0) {
        const std::size_t now = blocks < most_at_once ? blocks : most_at_once;
        for (std::size_t first = 0; first < lane_count; first += width) {
            Lane<Word> lanes;
            for (std::size_t j = 0; j < 8; ++j) {
                std::memcpy(&lanes.x[j], &states.x[j][first], sizeof(Type));
                std::memcpy(&lanes.counter[j], &states.counter[j][first], sizeof(Type));
            }
            std::memcpy(&lanes.borrow, &states.borrow[first], sizeof(Type));
            for (std::size_t block = 0; block < now; ++block) {
                lanes.step();
                for (std::size_t word = 0; word < 4; ++word) {
                    std::uint8_t* at = text + block * block_size + (word * lane_count + first) * 4;
                    Type bytes;
                    std::memcpy(&bytes, at, sizeof(Type));
                    bytes ^= lanes.output(word);
                    std::memcpy(at, &bytes, sizeof(Type));
                }
            }
            for (std::size_t j = 0; j < 8; ++j) {
                std::memcpy(&states.x[j][first], &lanes.x[j], sizeof(Type));
                std::memcpy(&states.counter[j][first], &lanes.counter[j], sizeof(Type));
            }
            std::memcpy(&states.borrow[first], &lanes.borrow, sizeof(Type));
        }
        text += now * block_size;
        blocks -= now;
    }
}

}  // namespace

}  // namespace portcullis::codec::rabbit
