#pragma once
// Deflated Explicit VR Little Endian (PS3.5 A.5): the data set is a raw RFC 1951 stream, without zlib's
// header and checksum, with a NUL after it where its length would be odd. Some writers leave gzip's trailer
// behind it (RFC 1952: CRC-32 and length of what was deflated; pydicom's sample has one): it is taken if it
// is true, and not written again. Both ways stream in constant memory: one piece, a window of 32 KiB, and
// what zlib keeps beside it (in all less than 400 KiB).

#include <memory>
#include <string>

#include "gateway/base/bytes.hpp"
#include "gateway/base/error.hpp"

struct z_stream_s;  // zlib's

namespace portcullis::image {

/// RFC 1951 cannot grow anything more than 1032-fold (258 bytes out of two bits). What grows more than this
/// for long is no image: masks of a gigabyte that are all but empty still pass.
struct InflateLimits {
    std::uint64_t free = std::uint64_t{1} << 30;  // inflated bytes that are never too many
    std::uint64_t ratio = 256;                    // inflated bytes beyond these, for each byte that came
};

class Inflater {
  public:
    explicit Inflater(InflateLimits = {});

    /// Takes bytes from the front of `deflated` and returns the next of the data set: not empty until all of
    /// `deflated` is taken. The view is valid until the next call. Errors: malformed (no such stream, or too
    /// much behind it), grows_too_much; the same again from then on.
    Result<ByteView> next(ByteView& deflated);
    /// Errors: malformed if the stream has not ended (an empty one never began), or if something follows it.
    Result<void> finish();
    /// What is wrong; empty if nothing is.
    const std::string& failure_detail() const { return failure_detail_; }

  private:
    static constexpr std::size_t piece_size = 64 * 1024;

    Result<ByteView> take_rest(ByteView& deflated);
    bool is_trailer(ByteView bytes) const;
    ErrorCode fail(ErrorCode, std::string why);

    struct End {
        void operator()(z_stream_s*) const;
    };
    const InflateLimits limits_;
    std::unique_ptr<z_stream_s, End> stream_;
    std::unique_ptr<std::uint8_t[]> piece_;
    std::uint32_t crc_ = 0;  // of what was inflated; RFC 1952 begins with 0
    bool ended_ = false;
    Bytes rest_;  // what follows the stream
    ErrorCode error_;
    std::string failure_detail_;
};

class Deflater {
  public:
    /// What is sealed cannot be compressed, and trying takes ten times as long as all the rest: `spare`
    /// stores as it is bytes of which no value is more frequent than others.
    enum class Effort { spare, usual };
    explicit Deflater(Effort);

    /// Writes to `out` when there is enough for a block; nothing is flushed before finish().
    void write(ByteView bytes, ByteSink& out);
    /// The stream is complete, and its length even.
    void finish(ByteSink& out);

  private:
    static constexpr std::size_t piece_size = 64 * 1024;

    void suit(ByteView bytes, ByteSink& out);
    void run(ByteView bytes, int flush, ByteSink& out);

    struct End {
        void operator()(z_stream_s*) const;
    };
    const Effort effort_;
    bool storing_ = false;
    std::unique_ptr<z_stream_s, End> stream_;
    std::unique_ptr<std::uint8_t[]> piece_;
};

/// All of a short data set that is deflated. Errors: as Inflater; grows_too_much over `longest` bytes.
Result<Bytes> inflated(ByteView deflated, std::uint64_t longest);
Bytes deflated(ByteView data_set);

}  // namespace portcullis::image
