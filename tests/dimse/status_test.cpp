#include "gateway/dimse/status.hpp"

#include <catch2/catch.hpp>
#include <set>
#include <string>

#include "gateway/dimse/error.hpp"

using namespace portcullis::dimse;

TEST_CASE("warnings are those of PS3.7 annex C") {
    for (const int status : {0x0001, 0x0107, 0x0116, 0xb000, 0xb007, 0xbfff})
        CHECK(status::is_warning(static_cast<std::uint16_t>(status)));
    for (const int status : {0x0000, 0x0110, 0x0111, 0x0124, 0x0211, 0xa700, 0xc000, 0xfe00, 0xff00})
        CHECK_FALSE(status::is_warning(static_cast<std::uint16_t>(status)));
}

TEST_CASE("pending is FF00 and FF01") {
    CHECK(status::is_pending(0xff00));
    CHECK(status::is_pending(0xff01));
    CHECK_FALSE(status::is_pending(0xfe00));
    CHECK_FALSE(status::is_pending(0x0000));
}

TEST_CASE("every error has a message of its own") {
    std::set<std::string> messages;
    for (const errc value : {errc::truncated, errc::wrong_group, errc::duplicate_element, errc::invalid_value,
                             errc::missing_element})
        messages.insert(make_error_code(value).message());
    CHECK(messages.size() == 5);
    CHECK(messages.count("unknown error") == 0);
}
