// Where the pieces of a data set are cut makes no difference, also inside of an element's header, also while
// the object is held until it has said what it is.

#include <catch2/catch.hpp>

#include "tests/service/deeds.hpp"

using namespace portcullis;
using namespace portcullis::service::test;
using dimse::response_to;

namespace {

constexpr std::size_t pixels = 1024;  // bytes

/// UIDs of one length, so that what is sealed has one length, too.
Object image_number(std::size_t number) {
    return an_image("1.2.8.1." + std::to_string(10'000 + number), pixels, "1.2.8", {"CT", "Clinic", "Ward"});
}

/// All that stands before the pixels, and the begin of these.
std::size_t header_of(const Object& object) {
    return object.data_set.size() - pixels + 2;
}

void say_cut(Peer& peer, dimse::Command command, ByteView data_set, std::size_t cut) {
    peer.begin(1, std::move(command));
    peer.more(data_set.first(cut));
    peer.end(data_set.subspan(cut));
}

void check_stores_at_every_cut(Hospital& hospital) {
    const auto length = hospital.store(image_number(0)).size();
    auto [scanner, archive] = hospital.associate(scanner_proposal());
    for (std::size_t cut = 1; cut < header_of(image_number(0)); ++cut) {
        INFO("cut at " << cut);
        const auto object = image_number(cut);
        say_cut(scanner, store_rq(1, object), object.data_set, cut);
        const auto stored = archive.hear();
        REQUIRE(stored.data_set.size() == length);
        archive.say(1, response_to(stored.command, 0));
        REQUIRE(scanner.hear().command.status() == 0);
    }
    release(scanner, archive);
}

policy::Rule refusing(policy::Operation operation) {
    policy::Rule rule;
    rule.name = "no ultrasound";
    rule.operations = {operation};
    rule.modalities = {"US"};
    return rule;
}

}  // namespace

TEST_CASE("an image is sealed whole wherever its header is cut") {
    Hospital hospital;
    check_stores_at_every_cut(hospital);
}

TEST_CASE("so is one of which policy asks the modality") {
    Hospital hospital([](Settings& settings) {
        settings.rules.insert(settings.rules.begin(), refusing(policy::Operation::store));
    });
    check_stores_at_every_cut(hospital);
}

TEST_CASE("an image of which policy asks the modality is opened whole wherever its header is cut") {
    Hospital hospital([](Settings& settings) {
        settings.rules.insert(settings.rules.begin(), refusing(policy::Operation::retrieve));
    });
    constexpr std::size_t step = 7;
    std::vector<Bytes> sealed;
    for (std::size_t i = 0; i * step + 1 < header_of(image_number(0)); ++i)
        sealed.push_back(hospital.store(image_number(i)));
    auto [viewer, archive, asked] = hospital.move(asks_for_study("1.2.8"));
    auto delivery = hospital.deliver();
    std::optional<Peer> destination;
    for (std::size_t i = 0; i < sealed.size(); ++i) {
        INFO("cut at " << i * step + 1);
        const auto object = image_number(i);
        say_cut(delivery, store_rq(1, object, "WS1", asked.message_id()), sealed[i], i * step + 1);
        if (!destination) destination.emplace(hospital.workstation.accept());
        const auto received = destination->hear();
        REQUIRE((received.data_set == object.data_set));
        destination->say(1, response_to(received.command, 0));
        REQUIRE(delivery.hear().command.status() == 0);
    }
}
