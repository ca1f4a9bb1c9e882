#include "gateway/registry/change.hpp"

#include <catch2/catch.hpp>
#include <stdexcept>

using namespace portcullis;
using namespace portcullis::registry;

namespace {
Row some_row() {
    return {"main",
            *Uid::parse("1.2.840.10008.5.1.4.1.1.2"),
            *Uid::parse("1.2.3"),
            "1.2",
            "1.2.1",
            std::string("P\0\xff", 3),
            "1.2.840.10008.1.2.1",
            std::string(32, 'e'),
            {0, 1, 2, 255},
            1'700'000'000'123};
}

Commitment some_commitment() {
    return {*Uid::parse("1.2.77"),      "main",
            *AeTitle::parse("CT1"),     *AeTitle::parse("PACS"),
            *AeTitle::parse("GATE CT"), *IpAddress::parse("fd00::7"),
            1'700'000'000'123,          "ct-1"};
}
}  // namespace

TEST_CASE("What is put into the journal comes out of it") {
    REQUIRE(put(some_row()).kind == journal::Kind::registry);
    REQUIRE(std::get<Row>(decode(put(some_row()).payload)) == some_row());
    const auto change = decode(outcome(*Uid::parse("1.2.3"), 77, "e", State::refused).payload);
    const auto& decoded = std::get<Outcome>(change);
    REQUIRE(decoded.sop_instance == "1.2.3");
    REQUIRE(decoded.time_ms == 77);
    REQUIRE(decoded.envelope_id == "e");
    REQUIRE(decoded.state == State::refused);
    REQUIRE(is_of(change, "1.2.3"));
    REQUIRE_FALSE(is_of(change, "1.2.33"));
    const auto commitment = decode(asked(some_commitment()).payload);
    REQUIRE(std::get<Commitment>(commitment) == some_commitment());
    REQUIRE_FALSE(is_of(commitment, "1.2.3"));
}

TEST_CASE("What earlier versions wrote of a commitment was of no peer") {
    auto payload = asked(some_commitment()).payload;
    REQUIRE(payload.front() == 'A');
    payload.front() = 'C';
    payload.resize(payload.size() - 8 - std::string("ct-1").size());
    auto expected = some_commitment();
    expected.peer.clear();
    REQUIRE(std::get<Commitment>(decode(payload)) == expected);
}

TEST_CASE("A payload that is cut, prolonged or of another type is an error, whatever lengths it claims") {
    for (const auto& payload :
         {put(some_row()).payload, outcome(*Uid::parse("1.2.3"), 77, "e", State::stored).payload,
          asked(some_commitment()).payload}) {
        for (std::size_t length = 0; length < payload.size(); ++length)
            REQUIRE_THROWS_AS(decode(payload.substr(0, length)), std::runtime_error);
        REQUIRE_THROWS_AS(decode(payload + "x"), std::runtime_error);
        REQUIRE_THROWS_AS(decode("X" + payload.substr(1)), std::runtime_error);
        REQUIRE_THROWS_AS(decode(payload.substr(0, 1) + std::string(8, '\xff') + payload.substr(9)),
                          std::runtime_error);
    }
    auto bad_state = outcome(*Uid::parse("1.2.3"), 77, "e", State::stored).payload;
    bad_state.back() = 3;
    REQUIRE_THROWS_AS(decode(bad_state), std::runtime_error);
}
