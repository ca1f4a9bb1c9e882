// Compressed pixels: whatever the bytes are, they decompress to as many as are allowed or not at all, the
// same however they are cut.

#include "gateway/image/recode.hpp"
#include "tests/fuzz/fuzz.hpp"
#include "tests/image/cut.hpp"

namespace portcullis::fuzz {

namespace {

using namespace portcullis::image;
using namespace portcullis::image::test;

/// Compression, size of the pieces, bytes of the pixels (16 bits); then the data set.
constexpr std::size_t control_size = 4;
constexpr unsigned most_frames = 8;

struct Recoded {
    ErrorCode error;
    Bytes bytes;
};

Recoded recode(Recoder& recoder, ByteView data_set, std::size_t piece) {
    Recoded result;
    ByteCollector out;
    for_each_piece(data_set, piece, [&](ByteView bytes) {
        const auto pushed = recoder.push(bytes, out);
        if (!pushed) result.error = pushed.error();
        return pushed.has_value();
    });
    if (!result.error)
        if (const auto finished = recoder.finish(out); !finished) result.error = finished.error();
    result.bytes = std::move(out.collected);
    return result;
}

void check(const std::function<std::unique_ptr<Recoder>()>& make, ByteView data_set, std::size_t piece,
           std::size_t most, Recoded& whole) {
    whole = recode(*make(), data_set, SIZE_MAX);
    const auto pieces = recode(*make(), data_set, piece);
    require(whole.error == pieces.error && (whole.error || whole.bytes == pieces.bytes),
            "a recoder does not care how bytes are cut");
    require(whole.bytes.size() <= most, "no more pixels than are allowed");
}

}  // namespace

void fuzz_one(ByteView input) {
    if (input.size() < control_size) return;
    const auto& syntaxes = lossless_syntaxes();
    const auto syntax = carried_transfer_syntax(syntaxes[input[0] % syntaxes.size()]);
    const std::size_t piece = input[1] + 1u;
    const std::uint64_t length = load_le16(&input[2]);
    const ByteView data_set = input.subspan(control_size);

    Recoded native, swapped, back;
    std::vector<NativePixels> sealed;
    for (unsigned frames = 1; frames <= most_frames; ++frames) sealed.push_back({length / frames, length});
    check([&] { return make_decompressor(*syntax, sealed); }, data_set, piece, data_set.size() + length + 16,
          native);
    if (native.error) return;
    const auto make_swapper = [] { return make_plane_swapper(decompressed_syntax()); };
    check(make_swapper, native.bytes, piece, native.bytes.size(), swapped);
    if (swapped.error) return;
    check(make_swapper, swapped.bytes, piece, native.bytes.size(), back);
    require(!back.error && back.bytes == native.bytes, "planes that are swapped twice are as they were");
}

}  // namespace portcullis::fuzz
