#include <catch2/catch.hpp>

#include "fixture.hpp"
#include "gateway/audit/files.hpp"
#include "gateway/audit/lines.hpp"
#include "gateway/audit/reader.hpp"

using namespace portcullis;
using namespace portcullis::audit;
using Catch::Contains;
namespace fs = std::filesystem;

TEST_CASE("Records are read back as they were written") {
    const TemporaryFolder folder;
    AuditLog log(folder);
    log.apply(prepare(log, {{"store", {{"peer", "ct-1"}, {"units", std::uint64_t{3}}, {"sealed", true}}}}));
    Reader reader(folder);
    const auto line = reader.next();
    REQUIRE(line);
    const auto logged = parse(*line);
    REQUIRE(logged);
    CHECK(logged->seq == 1);
    CHECK(logged->time.ends_with('Z'));
    CHECK(logged->record.event == "store");
    CHECK(logged->record.values.size() == 3);
    CHECK(logged->text("peer") == "ct-1");
    CHECK(logged->text("units") == "3");
    CHECK(logged->text("sealed") == "true");
    CHECK(logged->text("rule").empty());
}

TEST_CASE("What is no record is not read as one") {
    for (const auto* line : {"", "{", "[]", "{\"seq\":0,\"time\":\"t\",\"event\":\"e\"}", "{\"seq\":1}",
                             "{\"seq\":1,\"time\":\"t\",\"event\":\"e\",\"x\":[1]}"}) {
        INFO(line);
        CHECK_FALSE(parse(line));
    }
}

TEST_CASE("A reader begins where it is told, and goes on with what is appended") {
    const TemporaryFolder folder;
    AuditLog log(folder);
    log.apply(prepare(log, {{"a", {}}, {"b", {}}, {"c", {}}}));
    Reader reader(folder, 3);
    CHECK(reader.position() == 3);
    CHECK(parse(reader.next().value())->record.event == "c");
    CHECK_FALSE(reader.next());
    log.apply(prepare(log, {{"d", {}}}));
    CHECK(parse(reader.next().value())->record.event == "d");
    CHECK(reader.position() == 5);
}

TEST_CASE("A line that is not whole yet is waited for") {
    const TemporaryFolder folder;
    {
        AuditLog log(folder);
        log.apply(prepare(log, {{"a", {}}, {"b", {}}}));
    }
    const auto whole = content(folder.log());
    for (const std::size_t cut : {std::size_t{1}, std::size_t{30}, lines_of(whole)[1].size() - 1}) {
        CAPTURE(cut);
        write(folder.log(), whole.substr(0, whole.size() - cut));
        Reader reader(folder);
        CHECK(parse(reader.next().value())->record.event == "a");
        CHECK_FALSE(reader.next());
        CHECK_FALSE(reader.next());
        write(folder.log(), whole);
        CHECK(parse(reader.next().value())->record.event == "b");
        CHECK_FALSE(reader.next());
    }
}

TEST_CASE("A line that never becomes whole is told of") {
    const TemporaryFolder folder;
    AuditLog log(folder, {{1, std::chrono::hours(24)}});  // each batch in a file
    log.apply(prepare(log, {{"a", {}}, {"b", {}}}));
    log.apply(prepare(log, {{"c", {}}}));
    const auto rotated = rotated_path(folder, 1);
    fs::permissions(rotated, fs::perms::owner_all);
    write(rotated, content(rotated).substr(0, fs::file_size(rotated) - 30));
    Reader reader(folder);
    CHECK(parse(reader.next().value())->record.event == "a");
    CHECK_THAT(error_of([&] { reader.next(); }), Contains("record 2 is torn"));
    write(rotated, std::string(max_line_bytes + 1, 'x'));
    CHECK_THAT(error_of([&] { Reader(folder).next(); }), Contains("record 1 is torn"));
    write(folder.log(), std::string(max_line_bytes + 1, 'x'));
    fs::remove(rotated);
    CHECK_THAT(error_of([&] { Reader(folder).next(); }), Contains("record 1 is torn"));
}

TEST_CASE("A file that was emptied is told of") {
    const TemporaryFolder folder;
    AuditLog log(folder, {{1, std::chrono::hours(24)}});
    for (const auto* event : {"a", "b", "c"}) log.apply(prepare(log, {{event, {}}}));
    for (const std::uint64_t emptied : {2, 1}) {
        const auto path = rotated_path(folder, emptied);
        fs::permissions(path, fs::perms::owner_all);
        write(path, "");
        Reader reader(folder);
        for (std::uint64_t before = 1; before < emptied; ++before) CHECK(reader.next());
        CHECK_THAT(error_of([&] { reader.next(); }),
                   Contains("are missing: " + path.filename().string() + " is empty"));
    }
}
