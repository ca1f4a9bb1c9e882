#pragma once
// How a decoded sample is put into the bits that are allocated for it (PS3.5 8.1.1).

#include <cstdint>
#include <optional>

#include "gateway/base/bytes.hpp"
#include "gateway/image/frame.hpp"
#include "gateway/image/frame_decoder.hpp"

namespace portcullis::image {

class SampleWords {
  public:
    /// Of samples that a decoder gives as numbers of `coded_bits` without a sign. Nothing where the place of
    /// the sign is not known: a signed sample is coded with fewer bits than are stored.
    static std::optional<SampleWords> of(const FrameShape& shape, const Samples& samples,
                                         std::uint16_t coded_bits) {
        const bool fills = coded_bits == shape.bits_allocated;
        if (!shape.is_signed || fills) return SampleWords(shape.sample_size(), 0);
        if (coded_bits < samples.bits_stored || samples.bits_stored == 0) return std::nullopt;
        return SampleWords(shape.sample_size(), std::uint32_t{1} << (samples.bits_stored - 1));
    }
    /// As they are.
    static SampleWords as_they_are(const FrameShape& shape) { return {shape.sample_size(), 0}; }

    bool changes(std::size_t coded_size) const { return sign_ != 0 || coded_size != size_; }

    /// Writes one, and returns what is behind it.
    std::uint8_t* put(std::uint32_t value, std::uint8_t* out) const {
        if ((value & sign_) != 0) value |= ~(sign_ - 1);
        for (std::size_t byte = 0; byte < size_; ++byte, value >>= 8)
            *out++ = static_cast<std::uint8_t>(value);
        return out;
    }

  private:
    SampleWords(std::size_t size, std::uint32_t sign) : size_(size), sign_(sign) {}

    std::size_t size_;    // bytes
    std::uint32_t sign_;  // the bit; 0: nothing to fill
};

}  // namespace portcullis::image
