#include "gateway/media/commit.hpp"

#include <sys/stat.h>

#include <atomic>
#include <catch2/catch.hpp>

#include "gateway/media/refused.hpp"
#include "tests/media/folder.hpp"

using namespace portcullis;
using namespace portcullis::media;
using media::test::content;
using media::test::Folder;
namespace fs = std::filesystem;

namespace {

struct stat status_of(const fs::path& path) {
    struct stat status {};
    REQUIRE(::stat(path.c_str(), &status) == 0);
    return status;
}

}  // namespace

TEST_CASE("a new file takes the place of the old one only when it is put there") {
    const Folder folder;
    const auto path = folder.write("ct", "old");
    fs::permissions(path, static_cast<fs::perms>(0640));
    fs::last_write_time(path, fs::file_time_type::clock::now() - std::chrono::hours(1000));
    const auto before = status_of(path);
    {
        NewFile file(path, Place::in_place, before);
        file.write(as_bytes("new "));
        file.write(Bytes(200'000, 'x'));  // over what is gathered
        file.write(as_bytes("end"));
        file.complete();
        file.make_durable();
        CHECK(content(path).size() == 3);
        file.put_in_place();
    }
    CHECK(content(path).size() == 200'007);
    const auto after = status_of(path);
    CHECK(after.st_mode == before.st_mode);
    CHECK(after.st_mtim.tv_sec == before.st_mtim.tv_sec);
    CHECK(after.st_mtim.tv_nsec == before.st_mtim.tv_nsec);
    CHECK(folder.names() == std::vector<std::string>{"ct"});
}

TEST_CASE("a file that is given up leaves nothing") {
    const Folder folder;
    const auto path = folder.write("ct", "old");
    { NewFile(path, Place::in_place, status_of(path)).write(as_bytes("new")); }
    CHECK(folder.names() == std::vector<std::string>{"ct"});
    CHECK(as_text(content(path)) == "old");
}

TEST_CASE("what came to be at a destination elsewhere meanwhile is not replaced") {
    const Folder folder;
    NewFile file(folder / "out", Place::elsewhere, status_of(folder.write("in")));
    file.complete();
    folder.write("out", "another's");
    CHECK_THROWS_AS(file.put_in_place(), Refused);
    CHECK(as_text(content(folder / "out")) == "another's");
}

TEST_CASE("what was written to the original meanwhile is not lost") {
    const Folder folder;
    const auto path = folder.write("ct", "old");
    NewFile file(path, Place::in_place, status_of(path));
    file.complete();
    folder.write("ct", "edited");
    CHECK_THROWS_AS(file.put_in_place(), Refused);
    CHECK(as_text(content(path)) == "edited");
}

TEST_CASE("every file that is committed is in its place and told once; one that fails is told alone") {
    const Folder folder;
    const auto status = status_of(folder.write("in"));
    constexpr int files = 150;  // more than wait at once
    std::atomic<int> placed = 0, failed = 0;
    {
        Committer committer;
        for (int i = 0; i < files; ++i) {
            auto file =
                std::make_unique<NewFile>(folder / ("out" + std::to_string(i)), Place::elsewhere, status);
            file->write(as_bytes(std::to_string(i)));
            file->complete();
            if (i == 17) folder.write("out17", "another's");
            committer.add(std::move(file), [&](const auto& failure) { ++(failure ? failed : placed); });
        }
    }
    CHECK(placed == files - 1);
    CHECK(failed == 1);
    CHECK(as_text(content(folder / "out149")) == "149");
    CHECK(as_text(content(folder / "out17")) == "another's");
    CHECK(folder.names().size() == files + 1);
}
