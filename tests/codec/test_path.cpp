// Where a value stands: the order of paths, and how they are written.
#include <algorithm>
#include <catch2/catch.hpp>

#include "codec/envelope.hpp"
#include "codec/path.hpp"

using namespace portcullis::codec;

namespace {

Failure failure_of(const ByteVector& bytes) {
    WireReader reader(bytes);
    Path path;
    const auto read = read_path(reader, path);
    REQUIRE_FALSE(read);
    return read.failure();
}

}  // namespace

TEST_CASE("paths are in the order of the data set") {
    const std::vector<Path> paths = {{{}, 0x00280010},
                                     {{}, 0x00880200},
                                     {{{0x00880200, 0}}, 0x00280010},
                                     {{{0x00880200, 0}}, 0x00880200},
                                     {{{0x00880200, 0}, {0x00880200, 7}}, 0x00280010},
                                     {{{0x00880200, 0}}, 0x7FE00010},
                                     {{{0x00880200, 1}, {0x00081140, 0}}, 0x7FE00010},
                                     {{{0x00880200, 1}}, 0x00280010},
                                     {{{0x54000100, 0}}, 0x54001010},
                                     {{}, 0x7FE00010}};
    for (std::size_t i = 0; i < paths.size(); ++i) {
        for (std::size_t j = 0; j < paths.size(); ++j) {
            INFO(i << " " << j);
            CHECK((paths[i] <=> paths[j]) == (i <=> j));
            CHECK((paths[i] == paths[j]) == (i == j));
        }
    }
}

TEST_CASE("paths there and back") {
    const std::vector<Path> deep(1, {std::vector<PathStep>(32, {0x00880200, 0xFFFFFFFF}), 0x7FE00010});
    for (const Path& path : {Path{{}, 0x7FE00010}, Path{{{0x00880200, 0}, {0x54000100, 300}}, 1}, deep[0]}) {
        ByteVector bytes;
        WireWriter writer(bytes);
        write_path(writer, path);
        writer.number(std::uint8_t{9});
        WireReader reader(bytes);
        Path read{{{1, 2}}, 3};  // what was there before does not stay
        REQUIRE(read_path(reader, read));
        CHECK(read == path);
        CHECK(reader.remaining() == 1);
        for (std::size_t size = 0; size + 1 < bytes.size(); ++size) {
            CHECK(failure_of({bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(size)}) ==
                  Failure::malformed);
        }
    }
}

TEST_CASE("the bytes of a path") {
    ByteVector bytes;
    WireWriter writer(bytes);
    write_path(writer, {{{0x00880200, 300}}, 0x7FE00010});
    CHECK(bytes == ByteVector{1, 0x00, 0x88, 0x02, 0x00, 0xAC, 0x02, 0x7F, 0xE0, 0x00, 0x10});
}

TEST_CASE("paths that lie") {
    CHECK(failure_of({33}) == Failure::over_limit);
    CHECK(failure_of({255}) == Failure::over_limit);
    // item 2^32, and one that is not in the shortest form
    CHECK(failure_of({1, 0, 8, 0, 5, 0x80, 0x80, 0x80, 0x80, 0x10, 0, 0, 0, 0}) == Failure::malformed);
    CHECK(failure_of({1, 0, 8, 0, 5, 0x80, 0x00, 0, 0, 0, 0}) == Failure::malformed);
}
