#include <fcntl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <sstream>
#include <thread>

#include "fixture.hpp"
#include "gateway/audit/files.hpp"
#include "gateway/audit/index.hpp"

using namespace portcullis;
using namespace portcullis::audit;
using Catch::Contains;
namespace fs = std::filesystem;

namespace {

mode_t mode_of(const fs::path& path) {
    struct stat status {};
    REQUIRE(::stat(path.c_str(), &status) == 0);
    return status.st_mode & 07777;
}

void append_at(AuditLog& log, const std::vector<std::string>& times) {
    for (const auto& time : times) {
        std::string payload = "\"time\":\"" + time + "\",\"event\":\"find\"";
        const auto position = log.next();
        log.prepare(payload);
        log.apply({{position, payload}});
    }
}

void replace_folder(const fs::path& folder, const fs::path& copy) {
    fs::remove_all(folder);
    fs::copy(copy, folder, fs::copy_options::recursive);
}

std::string tree_of(const fs::path& folder) {
    const auto verified = verify(folder);
    REQUIRE_FALSE(verified.fault);
    return std::to_string(verified.records) + " " + verified.root_hash;
}

/// What the action throws when somebody does it who owns the folder and is not root.
template <class Action>
std::string error_as_user(const fs::path& folder, Action action) {
    if (::geteuid() != 0) return error_of(action);
    constexpr uid_t user = 54321;
    for (const auto& entry : fs::directory_iterator(folder))
        REQUIRE(::chown(entry.path().c_str(), user, user) == 0);
    REQUIRE(::chown(folder.c_str(), user, user) == 0);
    int channel[2];
    REQUIRE(::pipe(channel) == 0);
    const pid_t child = ::fork();
    if (child == 0) {
        const auto error = ::setuid(user) == 0 ? error_of(action) : "setuid";
        ::_exit(::write(channel[1], error.data(), error.size()) < 0);
    }
    ::close(channel[1]);
    std::string error(1000, '\0');
    error.resize(
        static_cast<std::size_t>(std::max<ssize_t>(::read(channel[0], error.data(), error.size()), 0)));
    ::close(channel[0]);
    int status = -1;
    REQUIRE(::waitpid(child, &status, 0) == child);
    REQUIRE(status == 0);
    return error;
}

}  // namespace

TEST_CASE("A log is rotated by size: chain and numbers go on, and old files are only read") {
    const TemporaryFolder folder;
    AuditLog log(folder, {each_thousand_bytes});
    append_each(log, 20);
    const auto rotated = rotated_files(folder);
    REQUIRE(rotated.size() >= 3);
    std::uint64_t next = 1;
    for (const auto& file : rotated) {
        CHECK(file.first == next);
        CHECK(file.path == rotated_path(folder, file.first));
        CHECK(fs::file_size(file.path) >= 1000);
        CHECK(mode_of(file.path) == 0400);
        CHECK(mode_of(index_path(file.path)) == 0400);
        next += lines_of(content(file.path)).size();
    }
    CHECK(mode_of(folder.log()) == 0600);
    CHECK(verify(folder).records == 20);
    CHECK_FALSE(verify(folder).fault);
    Reader reader(folder);
    CHECK(numbers(reader) == from_to(1, 20));
}

TEST_CASE("A log is rotated by the age of its first record") {
    const TemporaryFolder folder;
    AuditLog log(folder, {{1 << 30, std::chrono::hours(24)}});
    append_at(log, {"2026-02-28T23:00:00.000Z", "2026-03-01T22:59:59.999Z", "2026-03-01T23:00:00.000Z"});
    REQUIRE(rotated_files(folder).size() == 1);
    CHECK(lines_of(content(rotated_path(folder, 1))).size() == 2);
    CHECK(lines_of(content(folder.log())).size() == 1);
}

TEST_CASE("A log is rotated when the clock was set back by hours") {
    const TemporaryFolder folder;
    AuditLog log(folder);
    append_at(log, {"2030-01-01T00:00:00.000Z", "2029-12-31T23:00:00.000Z", "2026-02-28T23:00:00.000Z",
                    "2026-02-28T23:00:01.000Z"});
    REQUIRE(rotated_files(folder).size() == 1);
    CHECK(lines_of(content(rotated_path(folder, 1))).size() == 2);
    CHECK(lines_of(content(folder.log())).size() == 2);
}

TEST_CASE("The age is known again after a start") {
    const TemporaryFolder folder;
    for (int start = 0; start < 3; ++start) {
        AuditLog log(folder, {{1 << 30, std::chrono::milliseconds(1)}});
        append_each(log, 1);
        log.sync();
        std::this_thread::sleep_for(std::chrono::milliseconds(2));
    }
    CHECK(rotated_files(folder).size() == 2);
}

TEST_CASE("Without the oldest files a log is still opened and appended to") {
    const TemporaryFolder folder;
    {
        AuditLog log(folder, {each_thousand_bytes});
        append_each(log, 20);
        log.sync();
    }
    for (std::size_t i = 0; i < 2; ++i) {
        const auto file = rotated_files(folder).front();
        fs::remove(file.path);
        fs::remove(index_path(file.path));
    }
    for (const bool synced : {true, false}) {
        if (!synced) fs::remove(fs::path(folder) / "audit.synced");
        AuditLog log(folder, {each_thousand_bytes});
        append_each(log, 3);
        log.sync();
    }
    CHECK(AuditLog(folder, {each_thousand_bytes}).next() == 26);
    const auto oldest = rotated_files(folder).front();
    fs::remove(index_path(oldest.path));
    CHECK(AuditLog(folder, {each_thousand_bytes}).next() == 26);
    fs::remove(fs::path(folder) / "audit.synced");
    CHECK_THAT(error_of([&] { AuditLog(folder, {each_thousand_bytes}); }),
               Contains("the records before " + std::to_string(oldest.first) + " are not here"));
}

TEST_CASE("A crash at any step of a rotation is survived") {
    const TemporaryFolder folder;
    const TemporaryFolder before_copy;
    const auto before = fs::path(before_copy) / "log";
    Prepared pending;
    {
        AuditLog log(folder, {each_thousand_bytes});
        append_each(log, 5);
        REQUIRE(rotated_files(folder).empty());
        log.sync();
        fs::copy(folder, before, fs::copy_options::recursive);
        pending = prepare(log, some_records(2));
        log.apply(pending);
    }
    REQUIRE(rotated_files(folder).size() == 1);
    const auto expected = tree_of(folder);
    const auto log_name = fs::path("audit.log");
    const auto rotated_name = rotated_path("", 1).relative_path();
    const auto rename_in = [&](const fs::path& from, const fs::path& to) {
        fs::rename(folder / from, folder / to);
    };
    // What stands on the disk after so many of its steps.
    for (int steps = 0; steps <= 3; ++steps) {
        CAPTURE(steps);
        replace_folder(folder, before);
        if (steps >= 1) rename_in(log_name, rotated_name);
        if (steps >= 2) rename_in("audit.index", index_path(rotated_name));
        if (steps >= 3) write(folder.log(), "");
        {
            AuditLog log(folder, {each_thousand_bytes});
            REQUIRE(log.next() == 5);
            log.apply(pending);
            log.sync();
        }
        CHECK(tree_of(folder) == expected);
        CHECK(rotated_files(folder).size() == 1);
        CHECK(Index::open(index_path(rotated_path(folder, 1)), 1));
        CHECK(Index::open(fs::path(folder) / "audit.index", 6));
    }
}

TEST_CASE("A log of before there was rotation opens as it is") {
    const TemporaryFolder folder;
    {
        AuditLog log(folder);
        append_each(log, 600);
        log.sync();
    }
    const auto synced = fs::path(folder) / "audit.synced";
    const auto text = content(synced);
    std::istringstream words(text);
    std::string end, records, hash;
    words >> end >> records >> hash;
    write(synced, end + " " + records + " " + hash + "\n");
    const auto index = content(fs::path(folder) / "audit.index");
    fs::remove(fs::path(folder) / "audit.index");
    AuditLog log(folder);
    CHECK(log.next() == 600);
    CHECK(content(fs::path(folder) / "audit.index") == index);
    log.sync();
    CHECK(content(synced) == text);
}

TEST_CASE("The index is made anew also by a user who is not root") {
    const TemporaryFolder folder;
    {
        AuditLog log(folder, {each_thousand_bytes});
        append_each(log, 20);
        log.sync();
    }
    REQUIRE(rotated_files(folder).size() >= 2);
    fs::remove(fs::path(folder) / "audit.synced");
    fs::remove(index_path(rotated_files(folder)[1].path));
    CHECK(error_as_user(folder, [&] { AuditLog(folder, {each_thousand_bytes}); }) == "");
    CHECK(tree_of(folder).starts_with("20 "));
    for (const auto& file : rotated_files(folder)) CHECK(mode_of(index_path(file.path)) == 0400);
}

TEST_CASE("The index is made anew where it is missing, torn or of another log") {
    const TemporaryFolder folder;
    {
        AuditLog log(folder, {{150'000, std::chrono::hours(24)}});
        append_each(log, 1500);
        log.sync();
    }
    REQUIRE(rotated_files(folder).size() == 2);
    std::vector<fs::path> indexes{fs::path(folder) / "audit.index"};
    for (const auto& file : rotated_files(folder)) indexes.push_back(index_path(file.path));
    for (const auto& path : indexes) {
        const auto whole = content(path);
        for (const auto& broken :
             {std::string(), whole.substr(0, whole.size() - 41), std::string("x") + whole}) {
            fs::remove(path);
            write(path, broken);
            CAPTURE(path, broken.size());
            CHECK(AuditLog(folder).next() == 1500);
            CHECK(content(path) == whole);
        }
    }
}
