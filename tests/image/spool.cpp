#include "gateway/image/spool.hpp"

#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <fstream>
#include <iterator>
#include <optional>

using namespace portcullis;
using namespace portcullis::image;
namespace fs = std::filesystem;

namespace {

constexpr auto memory = Spool::memory;
constexpr auto piece_size = Spool::chunk;
const fs::path folder = fs::temp_directory_path();

/// Readable, and no part like another.
Bytes text_of(std::size_t size) {
    Bytes text;
    for (std::size_t line = 0; text.size() < size; ++line)
        append(text, as_bytes("patient number " + std::to_string(line) + "\n"));
    text.resize(size);
    return text;
}

void write_in_pieces(Spool& spool, ByteView content, std::size_t piece) {
    while (!content.empty()) {
        const auto part = content.first(std::min(piece, content.size()));
        spool.write(part);
        content = content.subspan(part.size());
    }
}

Bytes read_all(Spool& spool) {
    Bytes all;
    for (;;) {
        const auto piece = spool.next();
        REQUIRE(piece.has_value());
        if (piece->empty()) return all;
        append(all, *piece);
    }
}

/// What unlinked files in the folder hold that this process has open; nothing if it has none.
std::optional<std::string> unlinked_content() {
    for (const auto& open : fs::directory_iterator("/proc/self/fd")) {
        std::error_code error;
        const auto target = fs::read_symlink(open.path(), error).string();
        if (!target.starts_with(folder.string()) || !target.ends_with("(deleted)")) continue;
        std::ifstream file(open.path(), std::ios::binary);
        return std::string{std::istreambuf_iterator<char>(file), {}};
    }
    return std::nullopt;
}

}  // namespace

TEST_CASE("a spool gives back what was written, at every boundary") {
    const auto size = GENERATE(std::size_t{0}, std::size_t{1}, memory - 1, memory, memory + 1,
                               memory + piece_size - 1, memory + piece_size, memory + piece_size + 1,
                               memory + 3 * piece_size, memory + 3 * piece_size + 1);
    const auto piece = GENERATE(std::size_t{4093}, piece_size, memory + 4 * piece_size);
    CAPTURE(size, piece);
    const auto content = text_of(size);
    Spool spool(folder);
    write_in_pieces(spool, content, piece);
    CHECK(spool.size() == size);
    CHECK_FALSE(spool.status());
    CHECK((read_all(spool) == content));
    CHECK(spool.next()->empty());
}

TEST_CASE("a spool uses no file before its memory is full, and one that cannot be found after") {
    Spool spool(folder);
    const auto content = text_of(memory + piece_size);
    spool.write(ByteView(content).first(memory));
    CHECK_FALSE(unlinked_content().has_value());
    spool.write(ByteView(content).subspan(memory));
    const auto file = unlinked_content();
    REQUIRE(file.has_value());
    CHECK(file->size() == piece_size);
}

TEST_CASE("the file of a spool holds nothing readable") {
    Spool spool(folder);
    spool.write(text_of(memory + 4 * piece_size));
    const auto file = unlinked_content();
    REQUIRE(file.has_value());
    CHECK(file->size() == 4 * piece_size);
    CHECK(file->find("patient") == std::string::npos);
    CHECK(file->find("numb") == std::string::npos);
}

TEST_CASE("a spool whose folder is not there fails once it needs it") {
    Spool spool(folder / "no" / "such" / "folder");
    const auto content = text_of(memory + piece_size);
    spool.write(ByteView(content).first(memory));
    CHECK_FALSE(spool.status());
    spool.write(ByteView(content).subspan(memory));
    CHECK(spool.status() == ErrorCode(ENOENT, boost::system::system_category()));
    CHECK_FALSE(spool.next().has_value());
}

TEST_CASE("a full disk is an error of the spool, and nothing is read from it") {
    const pid_t child = ::fork();
    if (child == 0) {  // the limit is the child's own
        ::signal(SIGXFSZ, SIG_IGN);
        const rlimit limit{2 * piece_size, 2 * piece_size};
        ::setrlimit(RLIMIT_FSIZE, &limit);
        Spool spool(folder);
        spool.write(text_of(memory + 2 * piece_size));
        const bool fits = !spool.status();
        spool.write(text_of(piece_size));
        const bool full = spool.status() == ErrorCode(EFBIG, boost::system::system_category());
        const bool refused = !spool.next().has_value();
        ::_exit(fits && full && refused ? 0 : 1);
    }
    int status = 0;
    ::waitpid(child, &status, 0);
    CHECK((WIFEXITED(status) && WEXITSTATUS(status) == 0));
}

TEST_CASE("a spool is read again from the front, however far it was read") {
    const auto size = GENERATE(std::size_t{100}, memory, memory + 100, memory + 3 * piece_size + 100);
    const auto pieces_read = GENERATE(0, 1, 12);
    const auto content = text_of(size);
    Spool spool(folder);
    write_in_pieces(spool, content, 70'000);
    for (int i = 0; i < pieces_read; ++i) REQUIRE(spool.next().has_value());
    spool.rewind();
    CHECK((read_all(spool) == content));
    spool.rewind();
    CHECK((read_all(spool) == content));
}
