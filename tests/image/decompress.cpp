// The stage that decompresses, by itself: streams that are right, broken, or made to use up memory.

#include "gateway/image/error.hpp"
#include "gateway/image/jpeg2000_header.hpp"
#include "gateway/image/jpeg_header.hpp"
#include "gateway/image/recode.hpp"
#include "tests/image/compress.hpp"
#include "tests/support/jpeg2000.hpp"

using namespace portcullis;
using namespace portcullis::image;
using namespace portcullis::image::test;

namespace {

struct Decompressed {
    ErrorCode error;
    std::string detail;
    Bytes bytes;
};

Decompressed decompress(const TransferSyntax& from, const Bytes& data, const Kind& kind,
                        std::size_t piece = uncut) {
    const auto stage = make_decompressor(from, {{kind.frame_size(), kind.size()}});
    ByteCollector out;
    Decompressed result;
    for_each_piece(data, piece, [&](ByteView bytes) {
        const auto pushed = stage->push(bytes, out);
        if (!pushed) result.error = pushed.error();
        return pushed.has_value();
    });
    if (!result.error) {
        const auto finished = stage->finish(out);
        if (!finished) result.error = finished.error();
    }
    result.detail = stage->failure_detail();
    result.bytes = std::move(out.collected);
    return result;
}

void check_decompresses(const TransferSyntax& from, const Bytes& data, const Kind& kind,
                        const Bytes& native) {
    for (const std::size_t piece : piece_sizes) {
        const auto done = decompress(from, data, kind, piece);
        INFO("pieces of " << piece << ": " << done.detail);
        REQUIRE_FALSE(done.error);
        CHECK(difference(done.bytes, native) == "");
    }
}

/// Encapsulated pixels of these fragments.
Bytes encapsulated(const Kind& kind, const Bytes& table, const std::vector<Bytes>& fragments,
                   const Bytes& extended = {}) {
    DataSet data = header_of(kind);
    if (!extended.empty()) data.element(0x7FE00001, "OV", extended);
    data.header(0x7FE00010, "OB", undefined).fragment(table);
    for (const Bytes& fragment : fragments) data.fragment(fragment);
    data.end_sequence();
    return data.bytes;
}

/// RLE (PS3.5 annex G) of a frame of one byte: literal runs.
Bytes rle_of(ByteView plane) {
    Bytes stream(64, 0);
    stream[0] = 1;
    stream[4] = 64;
    while (!plane.empty()) {
        const auto run = plane.first(std::min<std::size_t>(plane.size(), 128));
        stream.push_back(static_cast<std::uint8_t>(run.size() - 1));
        append(stream, run);
        plane = plane.subspan(run.size());
    }
    return even(stream);
}

const Kind three_frames = {.rows = 10, .columns = 20, .bits = 8, .frames = 3};

std::vector<Bytes> frames_of(const Bytes& pixels) {
    std::vector<Bytes> frames;
    for (std::size_t i = 0; i < three_frames.frames; ++i)
        frames.push_back(
            rle_of(ByteView(pixels).subspan(i * three_frames.frame_size(), three_frames.frame_size())));
    return frames;
}

Bytes table_of(const std::vector<std::uint64_t>& offsets, bool extended) {
    Bytes table;
    for (const auto offset : offsets) {
        append_le32(table, static_cast<std::uint32_t>(offset));
        if (extended) append_le32(table, 0);
    }
    return table;
}

}  // namespace

TEST_CASE("JPEG-LS decompresses, of 8 and 16 bits, grey and colour") {
    const std::vector<Kind> kinds = {{.rows = 40, .columns = 30, .frames = 3},
                                     {.rows = 41, .columns = 31, .bits = 8},
                                     {.rows = 41, .columns = 31, .samples = 3, .bits = 8, .frames = 2}};
    for (const Kind& kind : kinds) {
        const Bytes native = native_of(kind, smooth(kind));
        check_decompresses(jpeg_ls, compressed(native, jpeg_ls), kind, native);
    }
}

TEST_CASE("frames are told apart by either offset table, or by their fragments") {
    const Bytes pixels = noise(three_frames.size());
    const Bytes native = native_of(three_frames, pixels);
    const auto frames = frames_of(pixels);
    check_decompresses(rle, encapsulated(three_frames, {}, frames), three_frames, native);

    std::vector<std::uint64_t> offsets;
    std::vector<Bytes> cut;
    std::uint64_t at = 0;
    for (const Bytes& frame : frames) {
        offsets.push_back(at);
        for (const auto& [begin, end] :
             {std::pair<long, long>{0, 70}, {70, 70}, {70, static_cast<long>(frame.size())}}) {
            cut.emplace_back(frame.begin() + begin, frame.begin() + end);
            at += 8 + cut.back().size();
        }
    }
    check_decompresses(rle, encapsulated(three_frames, table_of(offsets, false), cut), three_frames, native);
    check_decompresses(rle, encapsulated(three_frames, {}, cut, table_of(offsets, true)), three_frames,
                       native);
    CHECK(decompress(rle, encapsulated(three_frames, {}, cut), three_frames).error == errc::tampered);
}

TEST_CASE("one frame may be in many fragments without a table") {
    const Kind kind = {.rows = 10, .columns = 20, .bits = 8};
    const Bytes pixels = noise(kind.size());
    const Bytes frame = rle_of(pixels);
    std::vector<Bytes> cut;
    for (std::size_t i = 0; i < frame.size(); i += 2) cut.push_back({frame[i], frame[i + 1]});
    check_decompresses(rle, encapsulated(kind, {}, cut), kind, native_of(kind, pixels));
}

TEST_CASE("tables that lie are refused") {
    const auto frames = frames_of(noise(three_frames.size()));
    const std::uint64_t step = 8 + frames[0].size();
    for (const std::vector<std::uint64_t>& offsets : {std::vector<std::uint64_t>{0, step},
                                                      {0, step, 2 * step, 3 * step},
                                                      {0, step, step},
                                                      {0, 2 * step, step},
                                                      {8, step, 2 * step},
                                                      {0, step + 2, 2 * step},
                                                      {0, step, 9 * step},
                                                      {0, step, 0xFFFFFFFE}}) {
        const auto done =
            decompress(rle, encapsulated(three_frames, table_of(offsets, false), frames), three_frames);
        CHECK(done.error == errc::tampered);
    }
}

TEST_CASE("where both offset tables are there the basic one counts") {
    const Bytes pixels = noise(three_frames.size());
    const auto frames = frames_of(pixels);
    const std::uint64_t step = 8 + frames[0].size();
    const std::vector<std::uint64_t> right = {0, step, 2 * step};
    const std::vector<std::uint64_t> wrong = {0, 2 * step, step};
    const auto with = [&](const auto& basic, const auto& extended) {
        return encapsulated(three_frames, table_of(basic, false), frames, table_of(extended, true));
    };
    const Bytes native = native_of(three_frames, pixels);
    for (const auto& extended : {right, wrong}) {
        check_decompresses(rle, with(right, extended), three_frames, native);
    }
    CHECK(decompress(rle, with(wrong, right), three_frames).error == errc::tampered);
}

TEST_CASE("frames without rows or columns are refused before one is made") {
    for (const Kind& none :
         {Kind{.rows = 0, .columns = 20, .bits = 8}, {.rows = 10, .columns = 0, .bits = 8}}) {
        const auto done = decompress(rle, encapsulated(none, {}, {Bytes(100, 0)}), three_frames);
        CHECK(done.error == errc::context_differs);
    }
}

TEST_CASE("frames that are missing, too many, too long or empty are refused") {
    const auto frames = frames_of(noise(three_frames.size()));
    const auto refused = [&](const std::vector<Bytes>& fragments) {
        return decompress(rle, encapsulated(three_frames, {}, fragments), three_frames).error ==
               errc::tampered;
    };
    CHECK(refused({}));
    CHECK(refused({frames[0], frames[1]}));
    CHECK(refused({frames[0], frames[1], frames[2], frames[2]}));
    CHECK(refused({frames[0], {}, frames[2]}));
    CHECK(refused({frames[0], Bytes(200'000, 0x80), frames[2]}));
    CHECK(refused({frames[0], Bytes(frames[1].begin(), frames[1].begin() + 66), frames[2]}));
}

TEST_CASE("another length than the sealed one is refused before a frame is made") {
    const auto data = encapsulated({.rows = 65535, .columns = 65535, .bits = 8}, {}, {Bytes(100, 0)});
    const auto done = decompress(rle, data, three_frames);
    CHECK(done.error == errc::tampered);
    CHECK(done.bytes.size() < data.size());
}

TEST_CASE("as many bytes in other frames than the sealed ones are refused before a frame is made") {
    const Kind one_frame = {.rows = 30, .columns = 20, .bits = 8};
    REQUIRE(one_frame.size() == three_frames.size());
    const Bytes pixels = noise(one_frame.size());
    const auto data = encapsulated(one_frame, {}, {rle_of(pixels)});
    check_decompresses(rle, data, one_frame, native_of(one_frame, pixels));
    const auto done = decompress(rle, data, three_frames);
    CHECK(done.error == errc::tampered);
    CHECK(done.detail.find("not what was sealed") != std::string::npos);
}

TEST_CASE("tiles of JPEG 2000 count by what they have of the image: many small ones are refused") {
    const Kind kind = {.rows = 200, .columns = 300, .bits = 8};
    const FrameShape shape{kind.rows, kind.columns, kind.samples, kind.bits, kind.is_signed};
    const Bytes pixels = smooth(kind);
    const auto good = judge::encode_jpeg2000({kind.columns, kind.rows, kind.bits, kind.is_signed, pixels});
    const auto with_tiles_of = [&](std::uint32_t width, std::uint32_t height) {
        constexpr std::size_t at = 24;  // of XTsiz behind SOC (A.5.1)
        Bytes sizes, stream(good.begin(), good.end());
        append_be32(sizes, width);
        append_be32(sizes, height);
        std::copy(sizes.begin(), sizes.end(), stream.begin() + at);
        return stream;
    };
    CHECK(jpeg_2000_samples(with_tiles_of(kind.columns, kind.rows), shape).has_value());
    CHECK(jpeg_2000_samples(with_tiles_of(0xFFFFFFFF, 0xFFFFFFFF), shape).has_value());
    CHECK(jpeg_2000_samples(with_tiles_of(128, 128), shape).has_value());
    CHECK_FALSE(jpeg_2000_samples(with_tiles_of(1, 1), shape).has_value());
    CHECK_FALSE(jpeg_2000_samples(with_tiles_of(0xFFFFFFFF, 1), shape).has_value());
    CHECK_FALSE(jpeg_2000_samples(with_tiles_of(1, 0xFFFFFFFF), shape).has_value());
}

TEST_CASE("streams of another size, depth or colour than the attributes say are refused") {
    const Kind kind = {.rows = 32, .columns = 48, .bits = 8};
    const std::vector<Kind> others = {{.rows = 48, .columns = 32, .bits = 8},
                                      {.rows = 32, .columns = 24, .bits = 16},
                                      {.rows = 4000, .columns = 3000, .bits = 8},
                                      {.rows = 16, .columns = 32, .samples = 3, .bits = 8}};
    for (const auto& from : {jpeg_sv1, jpeg_14, jpeg_ls, jpeg_2000})
        for (const Kind& other : others) {
            const auto lie = compressed(native_of(other, smooth(other)), from, [&](DcmDataset& data) {
                data.putAndInsertUint16(DCM_Rows, kind.rows);
                data.putAndInsertUint16(DCM_Columns, kind.columns);
                data.putAndInsertUint16(DCM_BitsAllocated, kind.bits);
                data.putAndInsertUint16(DCM_SamplesPerPixel, kind.samples);
            });
            const auto done = decompress(from, lie, kind);
            INFO(from.uid.str() << ": " << done.detail);
            CHECK(done.error == errc::tampered);
        }
}

TEST_CASE("a marker without a length, at which DCMTK would search for ever, is refused") {
    const Kind kind = {.rows = 32, .columns = 48};
    for (const auto& from : {jpeg_sv1, jpeg_14, jpeg_ls}) {
        Bytes stream = compressed(native_of(kind, smooth(kind)), from);
        const Bytes start = {0xFF, 0xD8, 0xFF};
        const auto found = std::search(stream.begin(), stream.end(), start.begin(), start.end());
        REQUIRE(found != stream.end());
        found[3] = 0x01;  // TEM
        CHECK(decompress(from, stream, kind).error == errc::tampered);
    }
}

TEST_CASE("JPEG-LS presets for which CharLS has no tables are refused, and what else an LSE may say") {
    const FrameShape shape = {.rows = 2, .columns = 3, .samples = 1, .bits_allocated = 8, .is_signed = false};
    const auto precision = [&](std::uint8_t coded, const Bytes& presets) {
        Bytes stream = {0xFF, 0xD8, 0xFF, 0xF7, 0, 11, coded, 0, 2, 0, 3, 1, 1, 0x11, 0};
        append(stream, presets);
        append(stream, Bytes{0xFF, 0xDA, 0, 8, 1, 1, 0, 0, 0, 0});
        return jpeg_precision(stream, {JpegProcess::ls}, shape).value_or(0);
    };
    const auto presets = [](std::uint16_t largest, std::uint16_t reset) {
        const auto high = [](std::uint16_t value) { return static_cast<std::uint8_t>(value >> 8); };
        const auto low = [](std::uint16_t value) { return static_cast<std::uint8_t>(value); };
        return Bytes{0xFF, 0xF8, 0, 13, 1,  high(largest), low(largest), 0,
                     3,    0,    7, 0,  21, high(reset),   low(reset)};
    };
    CHECK(precision(8, {}) == 8);
    CHECK(precision(8, presets(255, 64)) == 8);
    CHECK(precision(7, presets(127, 64)) == 7);
    CHECK(precision(8, presets(0, 0)) == 8);
    CHECK(precision(7, presets(65535, 63)) == 0);
    CHECK(precision(7, presets(255, 64)) == 0);
    CHECK(precision(8, presets(255, 63)) == 0);
    auto twice = presets(255, 64);
    append(twice, presets(255, 63));
    CHECK(precision(8, twice) == 0);
    CHECK(precision(8, Bytes{0xFF, 0xF8, 0, 8, 4, 2, 0, 2, 0, 3}) == 0);  // other dimensions
}

TEST_CASE("a stream in another syntax than the one it is said to be in is refused") {
    const Kind kind = {.rows = 32, .columns = 48};
    const Bytes native = native_of(kind, smooth(kind));
    for (const auto& made : {rle, jpeg_sv1, jpeg_ls, jpeg_2000})
        for (const auto& said : {rle, jpeg_sv1, jpeg_ls, jpeg_2000}) {
            if (made.uid == said.uid) continue;
            CHECK(decompress(said, compressed(native, made), kind).error == errc::tampered);
        }
    CHECK(decompress(rle, native, kind).error == errc::wrong_encapsulation);
}

TEST_CASE("streams that are cut off or damaged anywhere end in an error or in as many bytes") {
    const Kind kind = {.rows = 32, .columns = 48};
    const Bytes native = native_of(kind, smooth(kind));
    std::mt19937 random(3);
    for (const auto& from : {rle, jpeg_sv1, jpeg_14, jpeg_ls, jpeg_2000}) {
        const Bytes good = compressed(native, from);
        const std::size_t header = header_of(kind).bytes.size() + 12;  // and of the pixels
        for (int i = 0; i < 3000; ++i) {
            Bytes bad = good;
            const auto somewhere = [&] { return header + random() % (bad.size() - header); };
            for (auto changes = 1 + random() % 3; changes > 0; --changes)
                bad[somewhere()] = static_cast<std::uint8_t>(random());
            if (i % 5 == 0) bad.resize(somewhere());
            const auto done = decompress(from, bad, kind);
            if (!done.error) CHECK(done.bytes.size() == native.size());
        }
    }
}
