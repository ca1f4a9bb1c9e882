#include "gateway/media/plan.hpp"

#include <fcntl.h>
#include <sys/file.h>

#include <catch2/catch.hpp>

#include "gateway/media/temporary.hpp"
#include "tests/media/folder.hpp"

using namespace portcullis::media;
using Catch::Contains;
using portcullis::media::test::Folder;
namespace fs = std::filesystem;

namespace {

std::vector<std::string> sources(const std::vector<Job>& jobs, const Folder& folder) {
    std::vector<std::string> names;
    for (const auto& job : jobs) names.push_back(job.source.lexically_relative(folder.path()).string());
    return names;
}

}  // namespace

TEST_CASE("folders are read at any depth, by name, without links to folders and our temporary files") {
    const Folder folder;
    for (const char* name : {"b/2", "b/1/x", "a", "c", ".c.portcullis-aB3xYz"}) folder.write(name);
    fs::create_directory_symlink(folder / "b", folder / "link");
    const auto jobs = make_plan({folder.path()}, std::nullopt);
    CHECK(sources(jobs, folder) == std::vector<std::string>{"a", "b/1/x", "b/2", "c"});
    CHECK(jobs[0].place() == Place::in_place);
}

TEST_CASE("a file goes to the output by its path from the folder that was named") {
    const Folder folder;
    folder.write("in/deep/1");
    folder.write("single");
    const auto jobs = make_plan({folder / "in", folder / "single"}, folder / "out");
    REQUIRE(jobs.size() == 2);
    CHECK(jobs[0].destination == folder / "out/deep/1");
    CHECK(jobs[1].destination == folder / "out/single");
    CHECK(jobs[1].place() == Place::elsewhere);
}

TEST_CASE("what is named twice is treated once") {
    const Folder folder;
    folder.write("in/1");
    CHECK(make_plan({folder / "in", folder / "in/1", folder / "in/../in/1"}, std::nullopt).size() == 1);
}

TEST_CASE("what cannot be meant is said before anything is done") {
    const Folder folder;
    folder.write("a/1");
    folder.write("b/1");
    CHECK_THROWS_WITH(make_plan({folder / "none"}, std::nullopt), Contains("no such file or folder"));
    CHECK_THROWS_WITH(make_plan({folder / "a", folder / "b"}, folder / "out"), Contains("another file"));
    CHECK_THROWS_WITH(make_plan({folder.path()}, folder / "out"), Contains("is inside of"));
    CHECK_THROWS_WITH(make_plan({folder / "a"}, folder / "a"), Contains("is inside of"));
}

TEST_CASE("in place a link to a file would be replaced, so it is not treated") {
    const Folder folder;
    folder.write("in/1");
    fs::create_symlink(folder / "in/1", folder / "in/2");
    CHECK_FALSE(make_plan({folder / "in"}, std::nullopt)[1].problem.empty());
    CHECK(make_plan({folder / "in"}, folder / "out")[1].problem.empty());
}

TEST_CASE("only names of the exact pattern are temporary ones of ours") {
    CHECK(is_temporary(".ct.dcm.portcullis-aB3xYz"));
    for (const char* name :
         {"ct.dcm.portcullis-aB3xYz", ".ct.dcm.portcullis-aB3xY", ".ct.dcm.portcullis-aB3xYzz",
          ".ct.dcm.portcullis-aB3x.z", ".portcullis-aB3xYz", ".ct.dcm", ""})
        CHECK_FALSE(is_temporary(name));
}

TEST_CASE("what a killed run left is removed, but not what another run writes now") {
    const Folder folder;
    folder.write("in/ct");
    folder.write("in/.ct.portcullis-aB3xYz");
    folder.write("in/.ct.portcullis-notes");
    fs::path written;
    const auto file = make_temporary(folder / "in/ct", written);
    auto jobs = make_plan({folder / "in"}, std::nullopt);
    prepare_folders(jobs);
    CHECK_FALSE(fs::exists(folder / "in/.ct.portcullis-aB3xYz"));
    CHECK(fs::exists(folder / "in/.ct.portcullis-notes"));
    CHECK(fs::exists(written));
}

TEST_CASE("a name as long as names can be has a temporary one, too") {
    const Folder folder;
    fs::path written;
    CHECK(make_temporary(folder / std::string(255, 'n'), written));
    CHECK(is_temporary(written.filename().string()));
}

TEST_CASE("a folder that cannot be made is the problem of its files") {
    const Folder folder;
    folder.write("in/1");
    folder.write("out", "a file, no folder");
    auto jobs = make_plan({folder / "in"}, folder / "out");
    prepare_folders(jobs);
    CHECK_FALSE(jobs[0].problem.empty());
}
