#pragma once
// What the gateway has to know of a transfer syntax (PS3.5 annex A): how elements are written, whether pixel
// data comes in fragments, and whether the data set is deflated as a whole.

#include <limits>
#include <optional>
#include <vector>

#include "gateway/base/names.hpp"
#include "gateway/image/encoding.hpp"

namespace portcullis::image {

struct TransferSyntax {
    Uid uid;
    Encoding encoding;
    bool encapsulated = false;
    bool deflated = false;
};

/// Implicit and Explicit VR Little Endian, the latter also deflated, Explicit VR Big Endian, and every
/// encapsulated transfer syntax (known ones by table; an unknown UID is taken for an encapsulated one, as
/// PS3.5 10 demands of new ones: Explicit VR Little Endian). Deflated Image Frame Compression is such a one:
/// its frames are deflated, the data set is not. Nothing for those that have no pixel data of their own
/// (JPIP, SMPTE).
std::optional<TransferSyntax> carried_transfer_syntax(const Uid& uid);

/// The first of these that can be carried.
std::optional<Uid> first_carried(const std::vector<Uid>& offered);

/// Explicit and Implicit VR Little Endian, one of which every node knows (PS3.5 10.1).
const std::vector<Uid>& uncompressed_syntaxes();
/// Which to take of these where nothing speaks for another: an uncompressed one, or else the first that can
/// be carried.
std::optional<Uid> plainest_of(const std::vector<Uid>& offered);

/// How pixels may be compressed that the gateway can decompress (PS3.5 annex A.4).
enum class Compression {
    rle,
    jpeg_baseline,
    jpeg_extended,
    jpeg_lossless,
    jpeg_lossless_sv1,
    jpeg_ls,
    jpeg_2000
};

/// Nothing for every other transfer syntax: native ones, HTJ2K, video, and what is retired.
std::optional<Compression> compression(const Uid& transfer_syntax);
/// How an archive may have compressed, without a loss, pixels that were sealed native. Nothing for every
/// other transfer syntax, those that may lose something among them.
std::optional<Compression> lossless_compression(const Uid& transfer_syntax);
/// Those that have one, the frequent ones first.
const std::vector<Uid>& lossless_syntaxes();
/// In which they leave: Explicit VR Little Endian.
const TransferSyntax& decompressed_syntax();

/// Bytes of a data set to give to a Sealer or an Opener at once where what it writes gathers in memory:
/// inflated, they are 4 MiB at most.
inline std::size_t most_at_once(const TransferSyntax& syntax) {
    return syntax.deflated ? 4096 : std::numeric_limits<std::size_t>::max();
}

}  // namespace portcullis::image
