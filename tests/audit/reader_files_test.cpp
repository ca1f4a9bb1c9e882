// How a log is read that has several files.

#include <fcntl.h>

#include <catch2/catch.hpp>
#include <thread>

#include "fixture.hpp"
#include "gateway/audit/files.hpp"
#include "gateway/audit/index.hpp"

using namespace portcullis;
using namespace portcullis::audit;
using Catch::Contains;
namespace fs = std::filesystem;

TEST_CASE("A reader begins anywhere, across files and with or without an index") {
    const TemporaryFolder folder;
    constexpr std::uint64_t records = 1500;
    AuditLog log(folder, {{100'000, std::chrono::hours(24)}});
    append_each(log, records);
    REQUIRE(rotated_files(folder).size() >= 3);
    const auto reads_from = [&](std::uint64_t first) {
        Reader reader(folder, first);
        return reader.position() == first && numbers(reader) == from_to(first, records);
    };
    for (const bool damaged : {false, true}) {
        if (damaged)
            for (const auto& file : rotated_files(folder)) {
                fs::permissions(index_path(file.path), fs::perms::owner_all);
                auto index = content(index_path(file.path));
                for (std::size_t i = 16; i < index.size(); ++i) index[i] = static_cast<char>(index[i] ^ 0x55);
                write(index_path(file.path), index);
            }
        for (std::uint64_t first = 1; first <= records + 1; first += 77) {
            CAPTURE(first, damaged);
            REQUIRE(reads_from(first));
        }
    }
    for (const auto& file : rotated_files(folder)) fs::remove(index_path(file.path));
    CHECK(reads_from(700));
}

TEST_CASE("A reader follows across rotations while the log grows") {
    const TemporaryFolder folder;
    AuditLog log(folder, {each_thousand_bytes});
    Reader reader(folder);
    CHECK_FALSE(reader.next());
    for (std::uint64_t n = 0; n < 30; n += 3) {
        append_each(log, 3);
        CHECK(numbers(reader) == from_to(n + 1, n + 3));
    }
    append_each(log, 15);  // more than a file, before the reader looks
    CHECK(numbers(reader) == from_to(31, 45));
}

TEST_CASE("A reader in another thread loses nothing and sees nothing twice") {
    const TemporaryFolder folder;
    constexpr std::uint64_t records = 300;
    AuditLog log(folder, {each_thousand_bytes});
    std::jthread writer([&] { append_each(log, records); });
    Reader reader(folder);
    std::uint64_t seen = 0;
    bool in_order = true;
    while (seen < records && in_order)
        for (const auto number : numbers(reader)) in_order = in_order && number == ++seen;
    writer.join();
    CHECK(in_order);
    CHECK(seen == records);
}

TEST_CASE("A file that is missing in the middle is named, and old files may be moved away") {
    const TemporaryFolder folder;
    AuditLog log(folder, {each_thousand_bytes});
    append_each(log, 40);
    const auto rotated = rotated_files(folder);
    const auto missing = [&](const LogFile& file, std::uint64_t next) {
        return "records " + std::to_string(file.first) + " to " + std::to_string(next - 1) +
               " are missing: there is no " + file.path.filename().string();
    };
    fs::remove(rotated[1].path);
    CHECK_THAT(error_of([&] {
                   Reader reader(folder);
                   numbers(reader);
               }),
               Contains(missing(rotated[1], rotated[2].first)));
    fs::remove(rotated[0].path);
    Reader reader(folder);
    CHECK(reader.position() == rotated[2].first);
    CHECK(numbers(reader) == from_to(rotated[2].first, 40));
    fs::remove(rotated.back().path);
    CHECK_THAT(error_of([&] {
                   Reader another(folder);
                   numbers(another);
               }),
               Contains(missing(rotated.back(), first_record(journal::File(folder.log(), O_RDONLY)))));
}
