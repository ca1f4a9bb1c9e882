#include "gateway/auditor/window.hpp"

#include <algorithm>
#include <catch2/catch.hpp>

#include "gateway/auditor/search.hpp"
#include "tests/auditor/log.hpp"

using namespace portcullis::auditor;
using test::Dated;
using test::Log;
using Numbers = std::vector<std::uint64_t>;

namespace {

std::string day(int number) {
    return "2026-11-2" + std::to_string(number) + "T12:00:00.000Z";
}

std::vector<Dated> two_of(int number) {
    return {{day(number), {"start", {}}}, {day(number), {"stop", {}}}};
}

/// Records 1 and 2 of the 21st, 3 and 4 of the 22nd, and so on to 7 and 8, each day in a file.
struct FourDays : Log {
    FourDays() : Log(two_of(1)) {
        for (int number = 2; number <= 4; ++number) rotate(two_of(number));
    }
};

Numbers read(const Log& log, const std::string& from, const std::string& to) {
    Window window(log.folder(), from, to);
    Numbers numbers;
    for (auto at = window.position(); window.next(); at = window.position()) numbers.push_back(at);
    return numbers;
}

}  // namespace

TEST_CASE("Files that are older or younger than what is asked for are not read") {
    const FourDays log;
    CHECK(read(log, "", "") == Numbers{1, 2, 3, 4, 5, 6, 7, 8});
    CHECK(read(log, day(3), "") == Numbers{3, 4, 5, 6, 7, 8});  // the 22nd may reach into it
    CHECK(read(log, "", day(1)) == Numbers{1, 2});
    CHECK(read(log, day(2), day(2)) == Numbers{1, 2, 3, 4});
    CHECK(read(log, "2026-11-23T14:00:00.000Z", "2026-11-23T15:00:00.000Z") == Numbers{5, 6});
}

TEST_CASE("A clock that was an hour wrong hides nothing") {
    const FourDays log;
    CHECK(read(log, "2026-11-23T13:00:00.000Z", "").front() == 3);
    CHECK(read(log, "", "2026-11-22T11:00:00.000Z").back() == 4);
}

TEST_CASE("What is asked for by time is found in all files") {
    const FourDays log;
    Search search(log.folder(), {.from = day(2), .to = day(3)}, std::nullopt);
    Numbers numbers;
    while (const auto found = search.next()) numbers.push_back(found->logged.seq);
    CHECK(numbers == Numbers{3, 4, 5, 6});
}

TEST_CASE("A file that begins with a wrong time hides no other, nor itself") {
    for (const std::string wrong : {"1970-01-01T00:00:00.000Z", "2038-01-19T03:14:07.000Z"}) {
        CAPTURE(wrong);
        Log log(two_of(1));
        log.rotate({{wrong, {"start", {}}}, {day(2), {"stop", {}}}});
        log.rotate(two_of(3));
        log.rotate(two_of(4));
        const auto has = [&](int number, std::uint64_t record) {
            const auto all = read(log, day(number), day(number));
            return std::find(all.begin(), all.end(), record) != all.end();
        };
        CHECK(has(1, 1));
        CHECK(has(2, 4));
        CHECK(has(3, 5));
        CHECK(has(4, 7));
        CHECK(read(log, wrong, wrong).front() <= 3);
        CHECK(read(log, wrong, wrong).back() >= 3);
    }
}
