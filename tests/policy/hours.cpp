// Windows of local time: their edges, over midnight, and on days.

#include "gateway/policy/hours.hpp"

#include <catch2/catch.hpp>

#include "tests/policy/question.hpp"

using namespace portcullis::policy;

namespace {

std::string in_words(const std::string& window, const char* time) {
    return Hours::parse(window).value().contains(time_of(time)) ? "holds" : "does not";
}

}  // namespace

TEST_CASE("A window begins with its first minute and ends before its last") {
    CHECK(in_words("07:00-19:00", "mon 06:59") == "does not");
    CHECK(in_words("07:00-19:00", "mon 07:00") == "holds");
    CHECK(in_words("07:00-19:00", "sun 18:59") == "holds");
    CHECK(in_words("07:00-19:00", "mon 19:00") == "does not");
    CHECK(in_words("00:00-24:00", "mon 00:00") == "holds");
    CHECK(in_words("00:00-24:00", "mon 23:59") == "holds");
    CHECK(in_words("23:59-24:00", "mon 23:59") == "holds");
    CHECK(in_words("23:59-24:00", "tue 00:00") == "does not");
}

TEST_CASE("A window over midnight belongs to the day on which it begins") {
    CHECK(in_words("22:00-06:00", "mon 21:59") == "does not");
    CHECK(in_words("22:00-06:00", "mon 22:00") == "holds");
    CHECK(in_words("22:00-06:00", "tue 00:00") == "holds");
    CHECK(in_words("22:00-06:00", "tue 05:59") == "holds");
    CHECK(in_words("22:00-06:00", "tue 06:00") == "does not");
    CHECK(in_words("fri 22:00-06:00", "fri 05:00") == "does not");
    CHECK(in_words("fri 22:00-06:00", "fri 22:00") == "holds");
    CHECK(in_words("fri 22:00-06:00", "sat 05:59") == "holds");
    CHECK(in_words("fri 22:00-06:00", "sat 22:00") == "does not");
    CHECK(in_words("sun 22:00-06:00", "mon 05:59") == "holds");
    CHECK(in_words("sun 22:00-06:00", "sun 05:59") == "does not");
}

TEST_CASE("Days are one, a range, or a range over the end of the week") {
    CHECK(in_words("mon-fri 07:00-19:00", "mon 07:00") == "holds");
    CHECK(in_words("mon-fri 07:00-19:00", "fri 18:59") == "holds");
    CHECK(in_words("mon-fri 07:00-19:00", "sat 12:00") == "does not");
    CHECK(in_words("mon-fri 07:00-19:00", "sun 12:00") == "does not");
    CHECK(in_words("sat-mon 07:00-19:00", "sun 12:00") == "holds");
    CHECK(in_words("sat-mon 07:00-19:00", "mon 12:00") == "holds");
    CHECK(in_words("sat-mon 07:00-19:00", "tue 12:00") == "does not");
    CHECK(in_words("sat-mon 07:00-19:00", "fri 12:00") == "does not");
    CHECK(in_words("wed 07:00-19:00", "wed 12:00") == "holds");
    CHECK(in_words("wed 07:00-19:00", "thu 12:00") == "does not");
}

TEST_CASE("What is no window is refused") {
    for (const char* text : {"",
                             "07:00",
                             "07:00-",
                             "-19:00",
                             "7:00-19:00",
                             "07:00-19:0",
                             "07.00-19.00",
                             "24:00-06:00",
                             "07:60-19:00",
                             "07:00-24:01",
                             "25:00-26:00",
                             "07:00-07:00",
                             "00:00-00:00",
                             "Mon 07:00-19:00",
                             "mon-fri",
                             "mon-fri ",
                             "mon- 07:00-19:00",
                             "mon,tue 07:00-19:00",
                             "monday 07:00-19:00",
                             " 07:00-19:00",
                             "07:00-19:00 ",
                             "mon  07:00-19:00",
                             "07:00 - 19:00",
                             "07:00-19:00-20:00",
                             "+7:00-19:00"})
        CHECK_FALSE(Hours::parse(text));
}

TEST_CASE("A time says itself") {
    CHECK(text(LocalTime{0, 0}) == "mon 00:00");
    CHECK(text(LocalTime{6, 23 * 60 + 5}) == "sun 23:05");
}
