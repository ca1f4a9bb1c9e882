#pragma once
// Speeds of codecs beside OpenSSL's ciphers: one thread, all in the same run, in turns, over several rounds.
// The machine's speed changes from one second to the next; what is measured within one round does not.

#include <functional>
#include <string>
#include <vector>

#include "codec/codec.hpp"

namespace portcullis::assurance {

struct Speed {
    std::string what;  // "aes-256-gcm", "rabbit-siv", "rabbit-siv in aes-256-gcm"
    std::size_t unit;  // bytes
    double gigabytes;  // per second, 10^9 bytes: the median of the rounds
    double ratio;      // to AES-256-GCM at this size of unit: the median of the ratios within a round
};

/// From a key to the sealed units of a 512x512 image of 16 bits: contexts, codec and AES-256-GCM.
struct ImageTime {
    std::string codec;
    double milliseconds;  // the median of the rounds
};

struct Bench {
    std::vector<Speed> speeds;
    std::vector<ImageTime> images;
};

inline constexpr std::size_t large_unit = 256 * 1024;
inline constexpr std::size_t small_unit = 8 * 1024;

/// Takes about `seconds` of processor time; on slow machines as long as every contestant needs for five
/// passes over 1 MiB. `progress` is told the rounds that are done, of how many.
Bench run_bench(const std::vector<const codec::Codec*>&, double seconds,
                const std::function<void(int done, int of)>& progress);

}  // namespace portcullis::assurance
