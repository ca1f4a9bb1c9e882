// What comes back from the archive is not what was sealed: nobody gets a complete object, the viewer is told
// which one failed, and the audit raises the alarm.

#include <algorithm>
#include <catch2/catch.hpp>

#include "gateway/dimse/status.hpp"
#include "tests/service/hospital.hpp"

using namespace portcullis;
using namespace portcullis::service::test;
using dimse::response_to;

namespace {

/// In the middle of the pixels.
Bytes with_one_bit_changed(Bytes sealed) {
    sealed[sealed.size() / 2] ^= 1;
    return sealed;
}

/// Where the pixels of a sealed image begin: behind a header of 12 bytes.
std::ptrdiff_t pixels_of(const Bytes& sealed) {
    const Bytes tag = {0xE0, 0x7F, 0x10, 0x00, 'O', 'W', 0, 0};
    const auto at = std::search(sealed.begin(), sealed.end(), tag.begin(), tag.end());
    REQUIRE(at != sealed.end());
    return at - sealed.begin() + 12;
}

Hospital hospital_that(OnRefused on_refused) {
    return Hospital([=](Settings& settings) { settings.archives[0].on_refused = on_refused; });
}

/// What the archive is told of an image that was refused.
std::uint16_t told(OnRefused on_refused) {
    return on_refused == OnRefused::resume ? dimse::status::suboperations_with_failures
                                           : dimse::status::processing_failure;
}

/// The archive counts as it was told; the viewer hears of one failure, and which; the audit has an alert.
void check_everybody_is_told(Hospital& hospital, Moving& moving, const Object& object, OnRefused on_refused) {
    const bool resume = on_refused == OnRefused::resume;
    moving.archive.say(1, resume ? retrieve_rsp(moving.asked, 0xB000, {0, 0, 0, 1})
                                 : retrieve_rsp(moving.asked, 0xA702, {0, 0, 1, 0}));
    const auto last = moving.viewer.hear();
    CHECK(last.command.status() == (resume ? 0xB000 : 0xA702));
    CHECK(counts(last.command) == Counts{0, 0, 1, 0});
    CHECK(failed_instances(last.data_set) == std::vector{object.instance});
    const auto alerts = hospital.audit({{"event", "alert"}});
    REQUIRE(alerts.size() == 1);
    CHECK(alerts[0]["sop_instance"] == object.instance);
    CHECK(alerts[0]["calling_ae"] == "WS1");
    CHECK(hospital.audit({{"event", "retrieve"}, {"phase", "intent"}}).empty());
}

}  // namespace

TEST_CASE("of a small image with one bit changed the destination gets nothing") {
    const auto on_refused = GENERATE(OnRefused::resume, OnRefused::stop);
    auto hospital = hospital_that(on_refused);
    const auto object = an_image("1.2.8.1.1");
    const auto tampered = with_one_bit_changed(hospital.store(object));
    auto moving = hospital.move(asks_for_study(object.study));
    auto delivery = hospital.deliver();
    delivery.say(1, store_rq(1, object, "WS1", moving.asked.message_id()), tampered);
    CHECK(delivery.hear().command.status() == told(on_refused));
    CHECK(hospital.workstation.nobody_called());
    check_everybody_is_told(hospital, moving, object, on_refused);
}

TEST_CASE("of a large image with one bit changed the destination gets a part and an abort") {
    const auto on_refused = GENERATE(OnRefused::resume, OnRefused::stop);
    auto hospital = hospital_that(on_refused);
    const auto object = an_image("1.2.8.1.1", 6 * 1024 * 1024);
    const auto tampered = with_one_bit_changed(hospital.store(object));
    auto moving = hospital.move(asks_for_study(object.study));
    auto delivery = hospital.deliver();
    delivery.say(1, store_rq(1, object, "WS1", moving.asked.message_id()), tampered);
    auto destination = hospital.workstation.accept();
    destination.hear_command();
    const auto got = destination.hear_rest();
    CHECK_FALSE(got.complete);
    CHECK(got.data_set.size() < object.data_set.size() / 2);
    CHECK(destination.hear_end() == End::aborted);
    CHECK(delivery.hear().command.status() == told(on_refused));
    check_everybody_is_told(hospital, moving, object, on_refused);
}

TEST_CASE("the images after one that was refused are opened") {
    Hospital hospital;
    const auto first = an_image("1.2.8.1.1");
    const auto second = an_image("1.2.8.1.2");
    const auto tampered = with_one_bit_changed(hospital.store(first));
    const auto sealed = hospital.store(second);
    auto moving = hospital.move(asks_for_study("1.2.8"));
    auto delivery = hospital.deliver();
    delivery.say(1, store_rq(1, first, "WS1", moving.asked.message_id()), tampered);
    CHECK(delivery.hear().command.status() == 0xB000);
    delivery.say(1, store_rq(2, second, "WS1", moving.asked.message_id()), sealed);
    auto destination = hospital.workstation.accept();
    const auto received = destination.hear();
    CHECK((received.data_set == second.data_set));
    destination.say(1, response_to(received.command, 0));
    CHECK(delivery.hear().command.status() == 0);
    release(delivery, destination);

    moving.archive.say(1, retrieve_rsp(moving.asked, 0xB000, {0, 1, 0, 1}));
    const auto last = moving.viewer.hear();
    CHECK(counts(last.command) == Counts{0, 1, 1, 0});
    CHECK(failed_instances(last.data_set) == std::vector{first.instance});
}

TEST_CASE("of a large image that is cut at its end the destination gets a part and an abort") {
    Hospital hospital;
    const auto object = an_image("1.2.8.1.1", 6 * 1024 * 1024);
    const auto sealed = hospital.store(object);
    auto moving = hospital.move(asks_for_study(object.study));
    auto delivery = hospital.deliver();
    delivery.say(1, store_rq(1, object, "WS1", moving.asked.message_id()),
                 ByteView(sealed).first(object.data_set.size() - 1024));
    auto destination = hospital.workstation.accept();
    destination.hear_command();
    CHECK_FALSE(destination.hear_rest().complete);
    CHECK(destination.hear_end() == End::aborted);
    CHECK(delivery.hear().command.status() == 0xB000);
}

TEST_CASE("an image that was sealed and comes back in the clear is refused") {
    Hospital hospital;
    const auto object = an_image("1.2.8.1.1");
    hospital.store(object);
    auto moving = hospital.move(asks_for_study(object.study));
    auto delivery = hospital.deliver();
    delivery.say(1, store_rq(1, object, "WS1", moving.asked.message_id()), object.data_set);
    CHECK(delivery.hear().command.status() == 0xB000);
    CHECK(hospital.workstation.nobody_called());
    check_everybody_is_told(hospital, moving, object, OnRefused::resume);
}

TEST_CASE("an image that comes back with the pixels of another is refused") {
    Hospital hospital;
    const auto object = an_image("1.2.8.1.1");
    const auto other = an_image("1.2.8.1.2");
    auto swapped = hospital.store(object);
    const auto sealed_other = hospital.store(other);
    const auto pixels = pixels_of(swapped);
    std::copy_n(sealed_other.begin() + pixels, 256 * 1024, swapped.begin() + pixels);
    auto moving = hospital.move(asks_for_study(object.study));
    auto delivery = hospital.deliver();
    delivery.say(1, store_rq(1, object, "WS1", moving.asked.message_id()), swapped);
    CHECK(delivery.hear().command.status() == 0xB000);
    CHECK(hospital.workstation.nobody_called());
    check_everybody_is_told(hospital, moving, object, OnRefused::resume);
}

TEST_CASE("an image that comes back under the name of another is refused") {
    Hospital hospital;
    const auto object = an_image("1.2.8.1.1");
    const auto sealed = hospital.store(object);
    const auto other = an_image("1.2.8.1.2");
    hospital.store(other);
    auto moving = hospital.move(asks_for_study(object.study));
    auto delivery = hospital.deliver();
    delivery.say(1, store_rq(1, other, "WS1", moving.asked.message_id()), sealed);
    CHECK(delivery.hear().command.status() == 0xB000);
    CHECK(hospital.workstation.nobody_called());
    check_everybody_is_told(hospital, moving, other, OnRefused::resume);
}

TEST_CASE("an image that the archive had before the gateway came passes only if the policy says so") {
    const bool pass = GENERATE(true, false);
    Hospital hospital([=](Settings& settings) { settings.pass_unregistered = pass; });
    const auto object = an_image("1.2.8.1.1");
    auto moving = hospital.move(asks_for_study(object.study));
    auto delivery = hospital.deliver();
    delivery.say(1, store_rq(1, object, "WS1", moving.asked.message_id()), object.data_set);
    if (pass) {
        auto destination = hospital.workstation.accept();
        const auto received = destination.hear();
        CHECK((received.data_set == object.data_set));
        destination.say(1, response_to(received.command, 0));
        CHECK(delivery.hear().command.status() == 0);
        release(delivery, destination);
        const auto outcomes = hospital.audit({{"event", "retrieve"}, {"phase", "outcome"}});
        REQUIRE(outcomes.size() == 1);
        CHECK(outcomes[0]["sealed"] == false);
    } else {
        CHECK(delivery.hear().command.status() == 0xB000);
        CHECK(hospital.workstation.nobody_called());
        CHECK(hospital.audit({{"event", "refusal"}, {"reason", "not registered"}}).size() == 1);
    }
}

TEST_CASE("an image that was stored twice opens in its first copy, too, and the audit says which came") {
    Hospital hospital;
    const auto object = an_image("1.2.8.1.1");
    const auto older = hospital.store(object);
    hospital.store(object);
    auto moving = hospital.move(asks_for_study(object.study));
    auto delivery = hospital.deliver();
    delivery.say(1, store_rq(1, object, "WS1", moving.asked.message_id()), older);
    auto destination = hospital.workstation.accept();
    const auto received = destination.hear();
    CHECK((received.data_set == object.data_set));
    destination.say(1, response_to(received.command, 0));
    CHECK(delivery.hear().command.status() == 0);
    release(delivery, destination);
    const auto outcomes = hospital.audit({{"event", "retrieve"}, {"phase", "outcome"}});
    REQUIRE(outcomes.size() == 1);
    CHECK(outcomes[0]["superseded"] == true);
}
