#pragma once
// A codec alone, without the AES-256-GCM around it, on the units of images.

#include <array>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "codec/codec.hpp"
#include "gateway/assurance/image.hpp"
#include "gateway/assurance/key_bits.hpp"
#include "gateway/assurance/metrics.hpp"
#include "gateway/assurance/seeded.hpp"
#include "gateway/assurance/verdict.hpp"

namespace portcullis::assurance {

/// Smaller units are counted; what they would show is chance.
inline constexpr std::size_t least_entropy_unit = 64 * 1024;  // a random one has 7.997 bits
inline constexpr std::size_t least_chi_square_unit = 1280;    // five of each byte
inline constexpr std::size_t least_difference_unit = 1024;
inline constexpr std::uint64_t least_pairs = 1024;
inline constexpr double least_entropy = 7.99;
inline constexpr std::size_t least_key_bits = 128;

/// What one changed bit did to a unit.
struct Change {
    Difference words8, words16;
    Test npcr8, npcr16, uaci8, uaci16;
};

struct UnitResult {
    std::uint64_t number;
    std::size_t size;
    double entropy_before, entropy_after;
    double chi_square_after;
    std::optional<Test> chi_square;  // where the unit is large enough, as the following
    std::optional<Change> text;
    std::optional<Change> codec_key;  // none if no bit of it reaches every byte
    std::optional<Change> object_key;
};

struct ImageResult {
    std::string name, encoding;
    bool native = true;
    bool in_raster = false;  // correlated as samples in three directions; if not, as bytes in a row
    std::uint64_t bytes = 0;
    std::vector<UnitResult> units;
    std::array<Correlation, directions.size()> before, after;
    Histogram histogram_before{}, histogram_after{};
};

struct JudgedImage {
    ImageResult result;
    std::vector<Bytes> cipher;  // the regions, encrypted
};

/// Judges one image after the other; every image has an object's key (DEK) of its own, from which the codec's
/// is derived as in sealing.
class Judge {
  public:
    explicit Judge(const codec::Codec&, std::uint64_t seed = report_seed);
    JudgedImage judge(const Image&);
    /// Of all so far.
    const Tallies& tallies() const { return tallies_; }
    const KeyBits& key_bits() const { return key_bits_; }

  private:
    /// Of one image: under its key, and with one bit of a key changed.
    struct Ciphers {
        std::unique_ptr<codec::UnitCipher> same, other_codec_key, other_object_key;
    };
    Ciphers make_ciphers();
    UnitResult judge_unit(ByteView plain, ByteView cipher, std::uint64_t number, const Ciphers&);
    Change judge_change(ByteView before, ByteView after, const ChangeMetrics&);
    void correlate_image(const Image&, const std::vector<Bytes>& cipher, ImageResult&);

    const codec::Codec& codec_;
    Seeded seeded_;
    const KeyBits key_bits_;
    Tallies tallies_;
};

}  // namespace portcullis::assurance
