#include "gateway/auditor/whole_file.hpp"

#include <sys/stat.h>

#include <catch2/catch.hpp>

#include "tests/audit/fixture.hpp"

using namespace portcullis;
using auditor::WholeFile;
using Catch::Contains;
namespace fs = std::filesystem;

namespace {
std::size_t files_in(const fs::path& folder) {
    return static_cast<std::size_t>(std::distance(fs::directory_iterator(folder), fs::directory_iterator()));
}
}  // namespace

TEST_CASE("A file appears when it is complete, and only its owner can read it") {
    const audit::TemporaryFolder folder;
    const fs::path place = fs::path(folder) / "export.csv";
    audit::write(place, "old");
    const std::string large(3'000'000, 'x');
    {
        WholeFile file(place);
        file.append("new ");
        file.append(large);
        CHECK(audit::content(place) == "old");
        file.complete();
    }
    CHECK((audit::content(place) == "new " + large));
    struct stat status {};
    REQUIRE(::stat(place.c_str(), &status) == 0);
    CHECK((status.st_mode & 0777) == 0600);
    CHECK(files_in(folder) == 1);
}

TEST_CASE("What is not completed leaves nothing behind") {
    const audit::TemporaryFolder folder;
    WholeFile(fs::path(folder) / "export.csv").append(std::string(3'000'000, 'x'));
    CHECK(files_in(folder) == 0);
}

TEST_CASE("Where no file can be made, it is said where") {
    const audit::TemporaryFolder folder;
    CHECK_THROWS_WITH(WholeFile(fs::path(folder) / "none" / "a"), Contains("none"));
    CHECK_THROWS_WITH(WholeFile(fs::path(folder) / ""), Contains("names no file"));
}
