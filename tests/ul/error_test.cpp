#include "gateway/ul/error.hpp"

#include <catch2/catch.hpp>
#include <set>
#include <string>

using namespace portcullis;
using namespace portcullis::ul;

namespace {
constexpr errc all[] = {errc::unrecognized_pdu, errc::pdu_too_long,   errc::invalid_length,
                        errc::invalid_value,    errc::missing_item,   errc::too_many_items,
                        errc::unexpected_pdu,   errc::unexpected_pdv, errc::command_too_long};
}

TEST_CASE("every error has a message of its own") {
    std::set<std::string> messages;
    for (const errc value : all) messages.insert(make_error_code(value).message());
    CHECK(messages.size() == std::size(all));
    CHECK(messages.count("unknown error") == 0);
}

TEST_CASE("errors are named to the peer as in PS3.8 table 9-26") {
    CHECK(abort_reason(errc::unrecognized_pdu) == 1);
    CHECK(abort_reason(errc::unexpected_pdu) == 2);
    CHECK(abort_reason(errc::unexpected_pdv) == 5);
    CHECK(abort_reason(errc::too_many_items) == 5);
    CHECK(abort_reason(errc::invalid_length) == 6);
    CHECK(abort_reason(errc::invalid_value) == 6);
    CHECK(abort_reason(errc::pdu_too_long) == 6);
}

TEST_CASE("errors of others have no reason that a peer could understand") {
    CHECK(abort_reason(boost::system::errc::make_error_code(boost::system::errc::timed_out)) == 0);
}
