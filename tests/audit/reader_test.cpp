#include <catch2/catch.hpp>

#include "fixture.hpp"
#include "gateway/audit/reader.hpp"

using namespace portcullis;
using namespace portcullis::audit;

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
