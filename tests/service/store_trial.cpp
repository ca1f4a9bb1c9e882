// Sealing into nowhere, for what it tells.

#include "gateway/service/store_trial.hpp"

#include <catch2/catch.hpp>

#include "codec/codec.hpp"
#include "gateway/dimse/status.hpp"
#include "tests/service/messages.hpp"

using namespace portcullis;
using namespace portcullis::service;
using namespace portcullis::service::test;

namespace {

image::SealParameters sealing(const std::string& instance) {
    const auto& codecs = codec::Catalogue::built_in();
    return {.transfer_syntax = *image::carried_transfer_syntax(*Uid::parse(uid::explicit_le)),
            .identity = {"tenant", uid::ct, instance},
            .origin = {"gate-1", "CT1", 0},
            .codec = codecs.find("rabbit-siv")};
}

}  // namespace

TEST_CASE("a trial tells what sealing would make of an object, in whatever pieces it comes") {
    const std::size_t piece = GENERATE(1U, 4096U, 10'000'000U);
    const auto object = an_image("1.2.8.1.1", 300 * 1024);
    StoreTrial trial(sealing(object.instance), true);
    for (ByteView rest = object.data_set; !rest.empty();) {
        const auto now = rest.first(std::min(piece, rest.size()));
        trial.take(now);
        rest = rest.subspan(now.size());
    }
    CHECK_FALSE(trial.sealed());
    trial.finish();
    REQUIRE(trial.sealed());
    CHECK(trial.sealed()->regions == 1);
    CHECK(trial.sealed()->bytes == 300 * 1024);
    CHECK_FALSE(trial.failure());
    CHECK_FALSE(trial.unfinished());
}

TEST_CASE("a trial of an object that passes in the clear tells only whether it can be read") {
    const auto object = an_image("1.2.8.1.1");
    const bool whole = GENERATE(true, false);
    StoreTrial trial(sealing(object.instance), false);
    trial.take(ByteView(object.data_set).first(object.data_set.size() - (whole ? 0 : 2)));
    trial.finish();
    CHECK(trial.failure().has_value() != whole);
    CHECK_FALSE(trial.sealed());
}

TEST_CASE("a trial that fails takes no more, and says why") {
    const auto object = an_image("1.2.8.1.1");
    StoreTrial trial(sealing("1.2.8.1.2"), true);
    trial.take(object.data_set);
    REQUIRE(trial.failure());
    CHECK(trial.failure()->status == dimse::status::data_set_mismatch);
    trial.take(object.data_set);
    trial.finish();
    CHECK(trial.failure()->reason == "wrong instance");
    CHECK_FALSE(trial.sealed());
}

TEST_CASE("a trial that costs too much is given up") {
    const auto object = an_image("1.2.8.1.1");
    StoreTrial trial(sealing(object.instance), true, net::Clock::duration::zero());
    trial.take(object.data_set);
    trial.finish();
    REQUIRE(trial.unfinished());
    CHECK(*trial.unfinished() == "it takes too long");
    CHECK_FALSE(trial.sealed());
    CHECK_FALSE(trial.failure());
}
