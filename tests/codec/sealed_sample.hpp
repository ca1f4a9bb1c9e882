#pragma once
// An object sealed for a test: its plaintext, its ciphertext and its envelope.

#include <stdexcept>

#include "codec/object.hpp"
#include "tests/codec/test_keys.hpp"

namespace portcullis::test {

using ByteVector = std::vector<std::uint8_t>;

inline const codec::ObjectIdentity identity{"st-elsewhere", "1.2.840.10008.5.1.4.1.1.2", "1.2.3.4.5.6.7"};
inline const codec::Origin origin{"gate-1", "CT1", 1700000000123};

inline const codec::Codec& built_in(std::string_view id) {
    return *codec::Catalogue::built_in().find(id);
}

/// Of the built-in codecs, only those named.
inline codec::Catalogue only(std::initializer_list<std::string_view> ids) {
    codec::Catalogue catalogue;
    for (const auto id : ids) {
        if (!catalogue.add(built_in(id))) throw std::runtime_error("named twice");
    }
    return catalogue;
}

inline codec::ObjectDescription ct_description() {
    codec::ObjectDescription description;
    description.bound.rows = 512;
    description.bound.columns = 512;
    description.bound.samples_per_pixel = 1;
    description.bound.photometric_interpretation = "MONOCHROME2";
    description.bound.bits_allocated = 16;
    description.bound.bits_stored = 12;
    description.bound.high_bit = 11;
    description.bound.pixel_representation = 1;
    description.recorded.values = {{0x00100020, "PAT-1"},
                                   {0x0020000D, "1.2.840.113619.2.1.1.322987881.621.736170080.681"},
                                   {0x0020000E, "1.2.840.113619.2.1.1.322987881.621.736170080.682"},
                                   {0x00080050, ""},
                                   {0x00200032, "-158.135803\\-179.035797\\-75.699997"},
                                   {0x00200037, "1.000000\\0.000000\\0.000000\\0.000000\\1.000000\\0.000000"},
                                   {0x00280030, "0.661468\\0.661468"},
                                   {0x00281052, "-1024"},
                                   {0x00281053, "1"}};
    description.transfer_syntax = "1.2.840.10008.1.2.1";
    return description;
}

inline const codec::Path pixel_data{.tag = 0x7FE00010};

/// A region at the top level.
inline codec::Region region(std::uint32_t tag, std::uint32_t order, codec::RegionKind kind,
                            std::uint64_t length) {
    return {std::make_shared<const codec::Path>(codec::Path{.tag = tag}), order, kind, length};
}

/// Byte j of region i; the same in every run.
inline ByteVector pattern(std::size_t length, std::size_t region) {
    ByteVector bytes(length);
    for (std::size_t j = 0; j < length; ++j) {
        bytes[j] = static_cast<std::uint8_t>(31 * j + j / 256 + 7 * region);
    }
    return bytes;
}

struct SealedSample {
    std::vector<ByteVector> plain;
    std::vector<ByteVector> sealed;
    ByteVector envelope;
    codec::EnvelopeId id;
};

inline SealedSample seal_sample(const codec::SealingKeys& keys, const std::vector<std::size_t>& lengths,
                                const char* codec_id = "rabbit-siv",
                                const codec::ObjectDescription& description = ct_description()) {
    auto sealer = codec::ObjectSealer::begin(keys, built_in(codec_id), identity, origin);
    if (!sealer) throw std::runtime_error("not sealed");
    SealedSample sample;
    const auto kind = lengths.size() == 1 ? codec::RegionKind::native : codec::RegionKind::fragment;
    for (std::size_t i = 0; i < lengths.size(); ++i) {
        sample.plain.push_back(pattern(lengths[i], i));
        ByteVector region = sample.plain.back();
        (*sealer)->begin_region(pixel_data, static_cast<std::uint32_t>(i), kind);
        for (std::size_t at = 0; at < region.size(); at += codec::unit_size) {
            (*sealer)->seal_unit(
                std::span(region).subspan(at, std::min(codec::unit_size, region.size() - at)));
        }
        (*sealer)->end_region();
        sample.sealed.push_back(std::move(region));
    }
    sample.id = (*sealer)->envelope_id();
    auto envelope = (*sealer)->finish(description);
    if (!envelope) throw std::runtime_error("not finished");
    sample.envelope = std::move(*envelope);
    return sample;
}

}  // namespace portcullis::test
