#include "gateway/image/deflate.hpp"

#include <zlib.h>

#include <algorithm>
#include <array>
#include <limits>
#include <new>
#include <stdexcept>
#include <utility>

#include "gateway/image/error.hpp"

namespace portcullis::image {

namespace {

constexpr int raw = -15;  // zlib's way to say: a window of 32 KiB, no header, no checksum
constexpr int memory_level = 8;
constexpr std::size_t trailer_size = 8;
constexpr auto something_follows = "something follows the deflated data set";
constexpr std::size_t longest_input = std::numeric_limits<uInt>::max();

/// zlib fails here only without memory, or built against another version of itself.
void require_ok(int began) {
    if (began == Z_MEM_ERROR) throw std::bad_alloc();
    if (began != Z_OK) throw std::runtime_error("zlib cannot begin");
}

/// zlib does not write there.
Bytef* input(ByteView bytes) {
    return const_cast<Bytef*>(bytes.data());
}

constexpr std::size_t sample_size = 4096;

/// Whether all values of bytes are as good as equally frequent. The sum for random bytes stays within three
/// hundredths of `random`; that for an image is far beyond it.
bool looks_random(ByteView sample) {
    std::array<std::size_t, 256> counts{};
    for (const auto byte : sample) ++counts[byte];
    std::size_t squares = 0;
    for (const auto count : counts) squares += count * count;
    const std::size_t random = sample.size() + sample.size() * sample.size() / 256;
    return squares < random + random / 8;
}

static_assert(sizeof(uLong) == sizeof(std::uint64_t), "zlib counts what came and what went");

}  // namespace

void Inflater::End::operator()(z_stream_s* stream) const {
    inflateEnd(stream);
    delete stream;
}

void Deflater::End::operator()(z_stream_s* stream) const {
    deflateEnd(stream);
    delete stream;
}

Inflater::Inflater(InflateLimits limits)
    : limits_(limits), piece_(std::make_unique_for_overwrite<std::uint8_t[]>(piece_size)) {
    stream_.reset(new z_stream{});
    require_ok(inflateInit2(stream_.get(), raw));
}

Result<ByteView> Inflater::next(ByteView& deflated) {
    if (error_) return error_;
    if (ended_) return take_rest(deflated);
    stream_->next_in = input(deflated);
    stream_->avail_in = static_cast<uInt>(std::min(deflated.size(), longest_input));
    stream_->next_out = piece_.get();
    stream_->avail_out = piece_size;
    const uInt offered = stream_->avail_in;
    const int status = inflate(stream_.get(), Z_NO_FLUSH);
    deflated = deflated.subspan(offered - stream_->avail_in);
    ended_ = status == Z_STREAM_END;

    const ByteView piece(piece_.get(), piece_size - stream_->avail_out);
    if (stream_->total_out > limits_.free + limits_.ratio * stream_->total_in)
        return fail(errc::grows_too_much, "the deflated data set grows beyond the limit");
    // What was inflated before an error goes first, so that it does not matter how the bytes were cut.
    if (!piece.empty()) {
        crc_ = static_cast<std::uint32_t>(crc32(crc_, piece.data(), static_cast<uInt>(piece.size())));
        return piece;
    }
    if (status == Z_MEM_ERROR) throw std::bad_alloc();
    if (ended_) return take_rest(deflated);
    // Z_BUF_ERROR says only that there was nothing to do.
    if (status == Z_OK || status == Z_BUF_ERROR) return piece;
    return fail(errc::malformed, std::string("no deflated data set: ") +
                                     (stream_->msg ? stream_->msg : "it needs a dictionary"));
}

Result<ByteView> Inflater::take_rest(ByteView& deflated) {
    if (deflated.size() > trailer_size + 1 - rest_.size()) return fail(errc::malformed, something_follows);
    append(rest_, deflated);
    deflated = {};
    return ByteView();
}

/// CRC-32 and length modulo 2^32 (RFC 1952 2.3.1).
bool Inflater::is_trailer(ByteView bytes) const {
    return bytes.size() == trailer_size && load_le32(&bytes[0]) == crc_ &&
           load_le32(&bytes[4]) == static_cast<std::uint32_t>(stream_->total_out);
}

Result<void> Inflater::finish() {
    if (error_) return error_;
    if (!ended_) return fail(errc::malformed, "the data set ends in the middle of the deflated stream");
    ByteView rest = rest_;
    if (rest.size() % trailer_size == 1 && rest.back() == 0) rest = rest.first(rest.size() - 1);  // padding
    if (rest.empty() || is_trailer(rest)) return {};
    return fail(errc::malformed, something_follows);
}

ErrorCode Inflater::fail(ErrorCode error, std::string why) {
    error_ = error;
    failure_detail_ = std::move(why);
    return error;
}

Deflater::Deflater(Effort effort)
    : effort_(effort), piece_(std::make_unique_for_overwrite<std::uint8_t[]>(piece_size)) {
    stream_.reset(new z_stream{});
    require_ok(deflateInit2(stream_.get(), Z_DEFAULT_COMPRESSION, Z_DEFLATED, raw, memory_level,
                            Z_DEFAULT_STRATEGY));
}

void Deflater::write(ByteView bytes, ByteSink& out) {
    while (!bytes.empty()) {
        const auto part = bytes.first(std::min(bytes.size(), longest_input));
        bytes = bytes.subspan(part.size());
        suit(part, out);
        run(part, Z_NO_FLUSH, out);
    }
}

void Deflater::finish(ByteSink& out) {
    run({}, Z_FINISH, out);
    constexpr std::uint8_t padding = 0;
    if (stream_->total_out % 2 != 0) out.write({&padding, 1});
}

/// Begins to store or to compress.
void Deflater::suit(ByteView bytes, ByteSink& out) {
    if (effort_ == Effort::usual || bytes.size() < sample_size) return;
    if (std::exchange(storing_, looks_random(bytes.first(sample_size))) == storing_) return;
    stream_->next_in = nullptr;
    stream_->avail_in = 0;
    int status = Z_BUF_ERROR;
    while (status == Z_BUF_ERROR) {  // what is pending has to go first
        stream_->next_out = piece_.get();
        stream_->avail_out = piece_size;
        const int level = storing_ ? Z_NO_COMPRESSION : Z_DEFAULT_COMPRESSION;
        status = deflateParams(stream_.get(), level, Z_DEFAULT_STRATEGY);
        if (status == Z_STREAM_ERROR) throw std::logic_error("zlib: deflateParams");
        const ByteView piece(piece_.get(), piece_size - stream_->avail_out);
        if (!piece.empty()) out.write(piece);
    }
}

/// zlib has done all that it can when it leaves room.
void Deflater::run(ByteView bytes, int flush, ByteSink& out) {
    stream_->next_in = input(bytes);
    stream_->avail_in = static_cast<uInt>(bytes.size());
    do {
        stream_->next_out = piece_.get();
        stream_->avail_out = piece_size;
        if (deflate(stream_.get(), flush) == Z_STREAM_ERROR) throw std::logic_error("zlib: deflate");
        const ByteView piece(piece_.get(), piece_size - stream_->avail_out);
        if (!piece.empty()) out.write(piece);
    } while (stream_->avail_out == 0);
}

Result<Bytes> inflated(ByteView deflated, std::uint64_t longest) {
    Inflater inflater({longest, 0});
    Bytes data_set;
    for (;;) {
        const auto piece = inflater.next(deflated);
        if (!piece) return piece.error();
        if (piece->empty()) break;
        append(data_set, *piece);
    }
    if (auto finished = inflater.finish(); !finished) return finished.error();
    return data_set;
}

Bytes deflated(ByteView data_set) {
    Deflater deflater(Deflater::Effort::usual);
    ByteCollector out;
    deflater.write(data_set, out);
    deflater.finish(out);
    return std::move(out.collected);
}

}  // namespace portcullis::image
