#include <random>

#include "gateway/ul/pdv.hpp"
#include "tests/ul/support.hpp"

using namespace portcullis;
using namespace portcullis::ul;
using namespace portcullis::ul::test;

namespace {

constexpr std::uint32_t cap = 131'072;

Bytes noise(std::size_t size) {
    std::mt19937 random(42);
    Bytes bytes(size);
    for (auto& byte : bytes) byte = static_cast<std::uint8_t>(random());
    return bytes;
}

/// Writes `data` in pieces of `piece` bytes.
Bytes fragmented(const Bytes& data, std::uint32_t maximum_length, std::size_t piece) {
    Bytes out;
    Fragmenter fragmenter(context_id(3), false, maximum_length, cap, out);
    for (ByteView rest = data; !rest.empty();) {
        const auto size = std::min(piece, rest.size());
        fragmenter.write(rest.first(size));
        rest = rest.subspan(size);
    }
    fragmenter.finish();
    CHECK(fragmenter.bytes_written() == data.size());
    return out;
}

/// The data of all fragments; every one of them is checked.
Bytes checked(const Bytes& stream, std::uint32_t most) {
    Bytes data;
    const auto pdus = split(stream);
    for (std::size_t i = 0; i < pdus.size(); ++i) {
        const bool is_last = i + 1 == pdus.size();
        const auto pdu = decode(pdus[i]).value();
        const auto& values = std::get<PData>(pdu).values;
        REQUIRE(values.size() == 1);
        REQUIRE(pdus[i].size() - pdu_header_size <= most);
        REQUIRE(values[0].last == is_last);
        REQUIRE_FALSE(values[0].command);
        REQUIRE(values[0].context == context_id(3));
        if (!is_last) REQUIRE(values[0].data.size() % 2 == 0);
        if (pdus.size() > 1) REQUIRE_FALSE(values[0].data.empty());
        append(data, values[0].data);
    }
    return data;
}

}  // namespace

TEST_CASE("fragments fit the peer, are even and never empty, and hold the data") {
    const std::uint32_t lengths[] = {8,     9,     10,     11,     17,         128, 4096,
                                     16384, 16385, 131072, 131078, 0xffffffff, 0};
    for (const std::uint32_t length : lengths) {
        const std::uint32_t most = length == 0 ? cap : std::min(length, cap);
        const std::size_t full = (most - 6) / 2 * 2;
        for (const std::size_t size :
             {std::size_t{0}, std::size_t{1}, std::size_t{2}, std::size_t{3}, full - 1, full, full + 1,
              full + 2, full + 3, 2 * full, 2 * full + 1, 5 * full + 7}) {
            const Bytes data = noise(size);
            for (const std::size_t piece : {std::size_t{1}, std::size_t{13}, full, full + 1, size + 1}) {
                if (size / piece > 100'000) continue;
                CAPTURE(length, size, piece);
                const Bytes stream = fragmented(data, length, piece);
                REQUIRE(checked(stream, most) == data);
                REQUIRE(split(stream).size() == std::max<std::size_t>(1, (size + full - 1) / full));
            }
        }
    }
}

TEST_CASE("an empty data set is one empty fragment with the end flag") {
    const Bytes expected = {0x04, 0, 0, 0, 0, 6, 0, 0, 0, 2, 3, 2};
    CHECK(fragmented({}, 16384, 1) == expected);
}

TEST_CASE("a data set of odd length ends in an odd fragment: nothing is invented") {
    const Bytes expected = {0x04, 0, 0, 0, 0, 8, 0, 0, 0, 4, 3, 0, 'a', 'b',
                            0x04, 0, 0, 0, 0, 7, 0, 0, 0, 3, 3, 2, 'c'};
    CHECK(fragmented({'a', 'b', 'c'}, 8, 3) == expected);
}

TEST_CASE("a command set is marked as one") {
    Bytes out;
    Fragmenter fragmenter(context_id(5), true, 0, cap, out);
    fragmenter.write(as_bytes("ab"));
    fragmenter.finish();
    const Bytes expected = {0x04, 0, 0, 0, 0, 8, 0, 0, 0, 4, 5, 3, 'a', 'b'};
    CHECK(out == expected);
}

TEST_CASE("nothing with the end flag is written before the end") {
    Bytes out;
    Fragmenter fragmenter(context_id(1), false, 16, cap, out);
    fragmenter.write(noise(10));
    CHECK(out.empty());
    fragmenter.write(noise(1));
    CHECK(out.size() == 6 + 16);
    CHECK(out[11] == 0);
}

TEST_CASE("what is written may be sent and taken away at any time") {
    Bytes out, sent;
    const Bytes data = noise(1000);
    Fragmenter fragmenter(context_id(3), false, 100, cap, out);
    for (std::size_t i = 0; i < data.size(); i += 50) {
        fragmenter.write(ByteView(data).subspan(i, 50));
        append(sent, out);
        out.clear();
    }
    fragmenter.finish();
    append(sent, out);
    CHECK(checked(sent, 100) == data);
}

TEST_CASE("the gateway's own cap holds where the peer has no limit or a larger one") {
    for (const std::uint32_t announced : {0u, 4097u, 131072u}) {
        Bytes out;
        Fragmenter fragmenter(context_id(3), false, announced, 4096, out);
        fragmenter.write(noise(10'000));
        fragmenter.finish();
        CHECK(checked(out, 4096).size() == 10'000);
        CHECK(split(out)[0].size() == 6 + 4096);
    }
}

TEST_CASE("a maximum length that not even two bytes fit into is of no use") {
    Bytes out;
    for (const std::uint32_t announced : {1u, 2u, 6u, 7u}) {
        CHECK_FALSE(is_usable_maximum_length(announced));
        CHECK_THROWS_AS(Fragmenter(context_id(1), false, announced, cap, out), std::invalid_argument);
    }
    CHECK(is_usable_maximum_length(0));
    CHECK(is_usable_maximum_length(8));
    CHECK(is_usable_maximum_length(0xffffffff));
}
