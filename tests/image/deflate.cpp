// The streams of Deflated Explicit VR Little Endian by themselves: cut, cut short, continued, bombs.

#include "gateway/image/deflate.hpp"

#include <zlib.h>

#include <catch2/catch.hpp>

#include "gateway/image/error.hpp"
#include "gateway/image/query.hpp"
#include "tests/image/deflated.hpp"
#include "tests/image/objects.hpp"

using namespace portcullis;
using namespace portcullis::image;
using namespace portcullis::image::test;

namespace {

struct Outcome {
    ErrorCode error;
    std::string detail;
    Bytes bytes;
};

Outcome inflate_in_pieces(ByteView stream, std::size_t piece, InflateLimits limits = {}) {
    Inflater inflater(limits);
    Outcome outcome;
    for_each_piece(stream, piece, [&](ByteView bytes) {
        for (;;) {
            const auto next = inflater.next(bytes);
            if (!next) return false;
            if (next->empty()) return bytes.empty();
            append(outcome.bytes, *next);
        }
    });
    if (const auto finished = inflater.finish(); !finished) outcome.error = finished.error();
    outcome.detail = inflater.failure_detail();
    return outcome;
}

/// The same however it is cut.
Outcome inflate_all(ByteView stream) {
    const auto whole = inflate_in_pieces(stream, uncut);
    for (const std::size_t piece : piece_sizes) {
        const auto cut = inflate_in_pieces(stream, piece);
        INFO("pieces of " << piece);
        CHECK(cut.error == whole.error);
        CHECK(cut.detail == whole.detail);
        CHECK(difference(cut.bytes, whole.bytes) == "");
    }
    return whole;
}

Bytes deflate_in_pieces(ByteView data, std::size_t piece, Deflater::Effort effort) {
    Deflater deflater(effort);
    ByteCollector out;
    for_each_piece(data, piece, [&](ByteView bytes) {
        deflater.write(bytes, out);
        return true;
    });
    deflater.finish(out);
    return out.collected;
}

Bytes joined(ByteView first, std::initializer_list<std::uint8_t> second) {
    Bytes bytes(first.begin(), first.end());
    bytes.insert(bytes.end(), second);
    return bytes;
}

/// Without the NUL that makes it even.
Bytes unpadded(ByteView data) {
    Bytes stream = deflated(data);
    for (std::size_t length = stream.size() - 1; length <= stream.size(); ++length) {
        if (!inflate_in_pieces(ByteView(stream).first(length), uncut).error) {
            stream.resize(length);
            return stream;
        }
    }
    FAIL("no stream");
    return {};
}

const Bytes empty_stream = {0x03, 0x00};  // one final block without a byte (RFC 1951 3.2.6)

}  // namespace

TEST_CASE("what was deflated inflates to what it was, however either is cut") {
    const Bytes repeated = [] {
        Bytes bytes = noise(1000);
        for (int i = 0; i < 9; ++i) append(bytes, Bytes(bytes));
        return bytes;
    }();
    for (const Bytes& data : {Bytes(), Bytes(1, 7), Bytes(1'000'000, 0), noise(300'001), repeated}) {
        for (const auto effort : {Deflater::Effort::spare, Deflater::Effort::usual}) {
            for (const std::size_t piece : {uncut, std::size_t{997}, std::size_t{0}}) {
                const Bytes stream = deflate_in_pieces(data, piece, effort);
                INFO(data.size() << " bytes in pieces of " << piece);
                CHECK(stream.size() % 2 == 0);
                CHECK(stream.size() < data.size() + data.size() / 1000 + 20);
                const auto inflated = inflate_all(stream);
                CHECK_FALSE(inflated.error);
                CHECK(difference(inflated.bytes, data) == "");
            }
        }
        CHECK(inflated(deflated(data), data.size()).value() == data);
    }
}

TEST_CASE("what cannot be compressed is stored, and what stands around it is compressed all the same") {
    Bytes data;
    for (unsigned part = 0; part < 6; ++part)
        append(data, part % 2 ? noise(300'000, part) : Bytes(300'000, 1));
    for (const std::size_t piece : {std::size_t{60'000}, std::size_t{4096}, std::size_t{0}}) {
        const Bytes stream = deflate_in_pieces(data, piece, Deflater::Effort::spare);
        CHECK(stream.size() < 960'000);
        CHECK(inflate_all(stream).bytes == data);
    }
}

TEST_CASE("many short writes cost no more than one long one") {
    const Bytes data(1'000'000, 5);
    const auto usual = Deflater::Effort::usual;
    CHECK(deflate_in_pieces(data, 1, usual).size() <= deflate_in_pieces(data, uncut, usual).size() + 16);
}

TEST_CASE("a stream that ends early, at every byte") {
    DataSet data = image_header(true, 8, 8);
    data.element(0x7FE00010, "OW", noise(128));
    const Bytes stream = unpadded(data.bytes);
    for (std::size_t length = 0; length < stream.size(); ++length) {
        const auto cut = inflate_in_pieces(ByteView(stream).first(length), uncut);
        INFO(length << " of " << stream.size());
        CHECK(cut.error == errc::malformed);
        CHECK(cut.bytes.size() <= data.bytes.size());
        CHECK(inflate_in_pieces(ByteView(stream).first(length), 1).error == errc::malformed);
    }
}

TEST_CASE("gzip's trailer may follow a stream if it is true") {
    for (const Bytes& data : {Bytes(), Bytes(100'000, 1), noise(1001)}) {
        const auto crc =
            crc32(0, data.empty() ? empty_stream.data() : data.data(), static_cast<uInt>(data.size()));
        Bytes stream = unpadded(data);
        append_le32(stream, static_cast<std::uint32_t>(crc));
        append_le32(stream, static_cast<std::uint32_t>(data.size()));
        CHECK_FALSE(inflate_all(stream).error);
        CHECK(difference(inflate_all(stream).bytes, data) == "");
        CHECK_FALSE(inflate_all(joined(stream, {0})).error);
        CHECK(inflate_all(joined(stream, {1})).error == errc::malformed);
        CHECK(inflate_all(joined(stream, {0, 0})).error == errc::malformed);
        for (std::size_t i = 1; i <= 8; ++i) {
            Bytes changed = stream;
            changed[stream.size() - i] ^= 0x80;
            CHECK(inflate_all(changed).error == errc::malformed);
        }
        stream.pop_back();
        CHECK(inflate_all(stream).error == errc::malformed);
    }
}

TEST_CASE("one NUL may follow a stream, and nothing else") {
    for (const Bytes& stream : {empty_stream, unpadded(Bytes(100'000, 1)), unpadded(noise(1001))}) {
        CHECK_FALSE(inflate_all(stream).error);
        CHECK_FALSE(inflate_all(joined(stream, {0})).error);
        for (const auto& more : {joined(stream, {0, 0}), joined(stream, {1}), joined(stream, {0, 1}),
                                 joined(stream, {3, 0}), joined(joined(stream, {0}), {3, 0})})
            CHECK(inflate_all(more).error == errc::malformed);
    }
}

TEST_CASE("what is no stream") {
    CHECK(inflate_all({}).error == errc::malformed);           // it never began
    CHECK(inflate_all(Bytes{0x07}).error == errc::malformed);  // a block of no type (RFC 1951 3.2.3)
    CHECK(inflate_all(Bytes(1000, 0xFF)).error == errc::malformed);
    CHECK(inflate_all(image_header(true, 8, 8).bytes).error == errc::malformed);  // not deflated
    const Bytes zlib = joined(Bytes{0x78, 0x9C}, {0x03, 0x00, 0, 0, 0, 1});  // RFC 1950: header, checksum
    CHECK(inflate_all(zlib).error == errc::malformed);
    for (unsigned seed = 0; seed < 200; ++seed) (void)inflate_all(noise(300, seed));  // ends, whatever it is
}

TEST_CASE("a failure stays") {
    Inflater inflater;
    const Bytes broken(10, 0xFF);
    ByteView bytes = broken;
    CHECK(inflater.next(bytes).error() == errc::malformed);
    bytes = empty_stream;
    CHECK(inflater.next(bytes).error() == errc::malformed);
    CHECK(inflater.finish().error() == errc::malformed);
}

TEST_CASE("a limit to what is inflated: so much, and so many times what came") {
    const Bytes zeros = deflated(Bytes(1'000'000, 0));  // a thousandfold
    CHECK_FALSE(inflate_in_pieces(zeros, 7, {1'000'000, 0}).error);
    CHECK_FALSE(inflate_in_pieces(zeros, 7, {70'000, 1000}).error);
    for (const auto limits : {InflateLimits{999'999, 0}, InflateLimits{70'000, 900}}) {
        const auto stopped = inflate_in_pieces(zeros, 7, limits);
        CHECK(stopped.error == errc::grows_too_much);
        CHECK(stopped.detail != "");
        CHECK(stopped.bytes.size() < 1'000'000);
    }
    CHECK_FALSE(inflate_in_pieces(deflated(noise(1'000'000)), 4096, {0, 2}).error);
    CHECK(inflated(zeros, 999'999).error() == errc::grows_too_much);
}

TEST_CASE("what is given at once grows to 4 MiB at most") {
    const ByteView stream = bomb();
    Inflater inflater;
    for (int i = 0; i < 20; ++i) {
        auto bytes = ByteView(stream).subspan(static_cast<std::size_t>(i) * 4096).first(4096);
        REQUIRE(most_at_once(deflated_le) == bytes.size());
        std::size_t grown = 0;
        for (auto piece = inflater.next(bytes).value(); !piece.empty(); piece = inflater.next(bytes).value())
            grown += piece.size();
        CHECK(grown > 3 * 1024 * 1024);
        CHECK(grown <= 4 * 1024 * 1024 + 4096 * 8);
    }
}

TEST_CASE("a bomb ends at the limit, and what it says of its length is not believed") {
    const auto reader = make_reader(deflated_le);
    CountingSink out;
    Result<void> pushed;
    std::size_t came = 0;
    for (ByteView stream = bomb(); pushed && !stream.empty(); stream = stream.subspan(4096)) {
        pushed = reader->push(stream.first(4096), out);
        came += 4096;
    }
    REQUIRE(pushed.has_error());
    CHECK(pushed.error() == errc::grows_too_much);
    CHECK(reader->failure_detail() != "");
    CHECK(came < 2 * 1024 * 1024);
    CHECK(out.bytes <= came);
    CHECK(reader->finish().error() == errc::grows_too_much);
}

TEST_CASE("a request and a list of what failed may be deflated, too") {
    DataSet data(true);
    data.element(0x00080052, "CS", "STUDY ").uid(0x0020000D, "1.2.8");
    const auto scope = read_scope(deflated(data.bytes), deflated_le);
    REQUIRE(scope.has_value());
    CHECK(scope->studies.size() == 1);
    CHECK(read_scope(data.bytes, deflated_le).error() == errc::malformed);
    CHECK(read_scope(ByteView(bomb()).first(100'000), deflated_le).error() == errc::grows_too_much);
    const std::vector<Uid> failed = {Uid::parse("1.2.3").value(), Uid::parse("1.2.4").value()};
    const Bytes written = write_failed_list(failed, deflated_le);
    CHECK(written.size() % 2 == 0);
    CHECK(read_failed_list(written, deflated_le).value() == failed);
    CHECK(inflated(written, 1000).value() == write_failed_list(failed, explicit_le));
}
