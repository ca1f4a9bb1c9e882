#pragma once
// Which values are sealed, and which of their bytes: those that carry images or bulk content, wherever they
// stand; FORMAT.md lists them under "What is sealed". A configuration may add to them and make
// exceptions: region_chooser.hpp.

#include "codec/object.hpp"
#include "gateway/image/scan.hpp"
#include "gateway/image/transfer_syntax.hpp"

namespace portcullis::image {

/// A private value shorter than this says too little to hide, and there are many.
inline constexpr std::uint32_t shortest_private_region = 256;

/// Pixel Data, Float Pixel Data, Double Float Pixel Data.
bool is_pixel_data(std::uint32_t tag);

/// Without a VR it may be bulk, too.
bool has_bulk_vr(const Element&);

/// What sealing makes of an element where no rule says otherwise: a region, or, of fragments, one region for
/// each; nothing if its value passes.
std::optional<codec::RegionKind> region_kind(const Element&);

/// Bytes that turn around together where a region is big-endian: the codec sees the words of bulk VRs
/// little-endian.
std::size_t region_word_size(const Element&);

/// Whether a top-level pixel data element is encoded as its transfer syntax demands: fragments if and only if
/// it is an encapsulated one (PS3.5 A.4). Float pixels are never in fragments; an empty value may be native.
bool is_encoded_as(const Element& pixel_data, const TransferSyntax&);

/// Bytes of a native value of `length` bytes that pixels occupy: all but the byte that makes an odd number of
/// them even, if the attributes say so; if they do not agree with the length, all of it.
std::uint64_t pixel_bytes(const codec::BoundContext&, std::uint32_t length);

}  // namespace portcullis::image
