#pragma once
// What an archive may do to sealed pixels without a loss, undone before they are opened: it may have
// compressed them, and coders may have put the samples of a pixel side by side that lay in planes.

#include <memory>
#include <string>
#include <vector>

#include "gateway/base/bytes.hpp"
#include "gateway/base/error.hpp"
#include "gateway/image/identifiers.hpp"
#include "gateway/image/transfer_syntax.hpp"

namespace portcullis::image {

/// A data set passes, but for its pixels at the top level and what says how they are encoded.
class Recoder {
  public:
    virtual ~Recoder() = default;
    virtual Result<void> push(ByteView bytes, ByteSink& out) = 0;
    virtual Result<void> finish(ByteSink& out) = 0;
    virtual const Identifiers& identifiers() const = 0;
    virtual const std::string& failure_detail() const = 0;
};

/// What was sealed, in bytes, padding not counted.
struct NativePixels {
    std::uint64_t frame;   // one of them
    std::uint64_t length;  // all
    bool operator==(const NativePixels&) const = default;
};

/// From a syntax of lossless_compression() to Explicit VR Little Endian, colour by pixel, one frame at a
/// time: a frame is held compressed, decompressed, and once more while it is decoded (JPEG 2000: in 32 bits a
/// sample). `sealed`: what the pixels may be; nothing is allocated for others. Errors: context_differs
/// (attributes that do not say how large a frame is), wrong_encapsulation, tampered (another size; frames
/// that are none, not these, or not to be told apart).
std::unique_ptr<Recoder> make_decompressor(const TransferSyntax&, std::vector<NativePixels> sealed);

/// Native pixels, colour by pixel turned into colour by plane and the reverse (Planar Configuration, PS3.3
/// C.7.6.3.1.3); holds two frames. Errors: context_differs if there are no planes: one sample a pixel, no
/// Planar Configuration, or pixels that are not as many as the attributes say.
std::unique_ptr<Recoder> make_plane_swapper(const TransferSyntax&);

}  // namespace portcullis::image
