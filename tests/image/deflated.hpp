#pragma once
// What tests of the deflated transfer syntax need: it, and a bomb.

#include <zlib.h>

#include "gateway/image/deflate.hpp"
#include "tests/image/build.hpp"
#include "tests/image/gate.hpp"

namespace portcullis::image::test {

inline const TransferSyntax deflated_le = syntax("1.2.840.10008.1.2.1.99");

class CountingSink final : public ByteSink {
  public:
    void write(ByteView written) override { bytes += written.size(); }
    std::uint64_t bytes = 0;
};

/// A stream of 2 MiB that grows a thousandfold: zeros, 16 MiB over and over, without an end. They are the
/// pixels of a data set that says it has all but 4 GiB of them, behind what `head` says.
inline Bytes bomb_behind(const Bytes& head) {
    z_stream deflating{};
    deflateInit2(&deflating, Z_BEST_COMPRESSION, Z_DEFLATED, -15, 8, Z_DEFAULT_STRATEGY);
    Bytes made(64 * 1024), zeros(16 * 1024 * 1024, 0), repeated;
    DataSet data(true);
    data.bytes = head;
    data.header(0x7FE00010, "OW", 0xFFFFFFF0);
    const auto block = [&](Bytes& bytes) {  // a full flush: what follows does not look back
        deflating.next_in = bytes.data();
        deflating.avail_in = static_cast<uInt>(bytes.size());
        deflating.next_out = made.data();
        deflating.avail_out = static_cast<uInt>(made.size());
        deflate(&deflating, Z_FULL_FLUSH);
        return ByteView(made).first(made.size() - deflating.avail_out);
    };
    append(repeated, block(data.bytes));
    const ByteView zeros_block = block(zeros);
    while (repeated.size() < 2 * 1024 * 1024) append(repeated, zeros_block);
    deflateEnd(&deflating);
    repeated.resize(2 * 1024 * 1024);
    return repeated;
}

inline const Bytes& bomb() {
    static const Bytes stream = bomb_behind({});
    return stream;
}

}  // namespace portcullis::image::test
