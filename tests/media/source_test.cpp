#include "gateway/media/source.hpp"

#include <sys/stat.h>

#include <catch2/catch.hpp>

#include "gateway/media/compare.hpp"
#include "gateway/media/pass.hpp"
#include "tests/media/folder.hpp"

using namespace portcullis;
using namespace portcullis::media;
using Catch::Contains;
using media::test::Folder;
namespace fs = std::filesystem;

namespace {

Bytes some(std::size_t size) {
    Bytes bytes(size);
    for (std::size_t i = 0; i < size; ++i) bytes[i] = static_cast<std::uint8_t>(i * 7 + i / 251);
    return bytes;
}

}  // namespace

TEST_CASE("a file of any size is read as it is, again and again") {
    const Folder folder;
    const auto size = GENERATE(std::size_t{0}, std::size_t{1}, Source::block_size - 1, Source::block_size,
                               Source::block_size + 1, 3 * Source::block_size);
    const Bytes bytes = some(size);
    Source source(folder.write("file", bytes));
    for (int round = 0; round < 2; ++round) {
        ByteCollector collector;
        copy(source, collector);
        CHECK(collector.collected == bytes);
        CHECK(source.next().empty());
    }
}

TEST_CASE("what is no file is refused, without waiting") {
    const Folder folder;
    CHECK_THROWS_AS(Source(folder / "none"), Refused);
    CHECK_THROWS_AS(Source(folder.path()), Refused);
    REQUIRE(::mkfifo((folder / "pipe").c_str(), 0600) == 0);
    CHECK_THROWS_AS(Source(folder / "pipe"), Refused);
}

TEST_CASE("a file that changes while it is read is noticed") {
    const Folder folder;
    const auto path = folder.write("file", some(100));
    const Source source(path);
    source.require_unchanged();
    SECTION("replaced") {
        fs::rename(folder.write("other", some(100)), path);
    }
    SECTION("written to") {
        folder.write("file", some(101));
    }
    SECTION("removed") {
        fs::remove(path);
    }
    CHECK_THROWS_AS(source.require_unchanged(), Refused);
}

TEST_CASE("a file that becomes shorter while it is read is noticed") {
    const Folder folder;
    const auto path = folder.write("file", some(2 * Source::block_size));
    Source source(path);
    (void)source.next();
    fs::resize_file(path, Source::block_size);
    CHECK_THROWS_WITH(source.next(), Contains("shorter"));
}

TEST_CASE("bytes are equal to those of a file only if they are all of them") {
    const Folder folder;
    const Bytes bytes = some(Source::block_size + 10);
    Source source(folder.write("file", bytes));
    const auto equal = [&](ByteView written) {
        Comparer comparer(source);
        for (; !written.empty(); written = written.subspan(std::min<std::size_t>(written.size(), 999'999)))
            comparer.write(written.first(std::min<std::size_t>(written.size(), 999'999)));
        return comparer.equal();
    };
    CHECK(equal(bytes));
    CHECK_FALSE(equal(ByteView(bytes).first(bytes.size() - 1)));
    CHECK_FALSE(equal({}));
    Bytes longer = bytes;
    longer.push_back(0);
    CHECK_FALSE(equal(longer));
    Bytes other = bytes;
    other.back() ^= 1;
    CHECK_FALSE(equal(other));
}
