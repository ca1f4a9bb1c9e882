// Images in Deflated Explicit VR Little Endian through the gateway, to the archive and back.

#include <catch2/catch.hpp>

#include "gateway/dimse/status.hpp"
#include "gateway/image/deflate.hpp"
#include "gateway/image/error.hpp"
#include "tests/image/deflated.hpp"
#include "tests/service/hospital.hpp"

using namespace portcullis;
using namespace portcullis::service::test;
using dimse::response_to;

namespace {

Bytes whole(ByteView stream) {
    auto data_set = image::inflated(stream, 1 << 28);
    REQUIRE(data_set.has_value());
    return std::move(*data_set);
}

/// The same image, as a scanner sends it in this transfer syntax.
Object deflated_image(std::size_t size = 256 * 1024) {
    auto object = an_image("1.2.8.1.1", size);
    object.data_set = image::deflated(object.data_set);
    return object;
}

ul::AssociateRq deflating_scanner() {
    return proposal("CT1", "PACS", {context(1, uid::ct, {uid::deflated})});
}

/// What the archive then holds.
Bytes store_deflated(Hospital& hospital, const Object& object) {
    auto [scanner, pacs] = hospital.associate(deflating_scanner());
    CHECK(pacs.proposal().contexts == std::vector{context(1, uid::ct, {uid::deflated})});
    scanner.say(1, store_rq(1, object), object.data_set);
    auto stored = pacs.hear();
    pacs.say(1, response_to(stored.command, 0));
    CHECK(scanner.hear().command.status() == 0);
    release(scanner, pacs);
    return std::move(stored.data_set);
}

/// The answer to a scanner whose object must not reach the archive.
std::uint16_t refused(ByteView stream) {
    Hospital hospital;
    auto [scanner, pacs] = hospital.associate(deflating_scanner());
    scanner.say(1, store_rq(1, an_image("1.2.8.1.1", 1024)), stream);
    CHECK_FALSE(pacs.hears_last_within(std::chrono::milliseconds(50)));
    const auto status = scanner.hear().command.status();
    CHECK(hospital.audit({{"event", "refusal"}, {"operation", "store"}}).size() == 1);
    return status;
}

Bytes followed_by(Bytes stream, ByteView more) {
    append(stream, more);
    return stream;
}

}  // namespace

TEST_CASE("a deflated image reaches the archive sealed and the viewer as it was, deflated or not") {
    const auto returned_in = GENERATE(uid::deflated, uid::explicit_le);
    // Held until it is verified, and sent on while it comes.
    const std::size_t size = GENERATE(256 * 1024, 6 * 1024 * 1024);
    const bool deflated = returned_in == uid::deflated;
    Hospital hospital;
    const auto object = deflated_image(size);
    const Bytes data_set = whole(object.data_set);
    const auto sealed = store_deflated(hospital, object);
    CHECK(sealed.size() % 2 == 0);
    CHECK(whole(sealed).size() > data_set.size());

    auto [viewer, pacs, asked] = hospital.move(asks_for_study(object.study));
    auto delivery = hospital.deliver("PORTCULLIS", returned_in);
    delivery.say(1, store_rq(21, object, "WS1", asked.message_id()), deflated ? sealed : whole(sealed));
    auto destination = hospital.workstation.accept();
    CHECK(destination.proposal().contexts == std::vector{context(1, uid::ct, {returned_in})});
    const auto received = destination.hear();
    CHECK(((deflated ? whole(received.data_set) : received.data_set) == data_set));
    destination.say(1, response_to(received.command, 0));
    CHECK(delivery.hear().command.status() == 0);
    release(delivery, destination);
}

TEST_CASE("a deflated stream that is none is refused, and the archive gets no object") {
    const auto stream = deflated_image().data_set;
    using dimse::status::cannot_understand;
    CHECK(refused(ByteView(stream).first(stream.size() - 16)) == cannot_understand);
    CHECK(refused(followed_by(stream, Bytes(2, 0))) == cannot_understand);
    CHECK(refused(followed_by(stream, stream)) == cannot_understand);
    CHECK(refused(an_image("1.2.8.1.1", 1024).data_set) == cannot_understand);
}

TEST_CASE("a deflated image that an archive returns broken is withheld, and nobody gets a part of it") {
    Hospital hospital;
    const auto object = deflated_image(4 * 1024 * 1024);
    const auto sealed = store_deflated(hospital, object);
    auto [viewer, pacs, asked] = hospital.move(asks_for_study(object.study));
    auto delivery = hospital.deliver("PORTCULLIS", uid::deflated);
    delivery.say(1, store_rq(21, object, "WS1", asked.message_id()), followed_by(sealed, Bytes(2, 0)));
    auto destination = hospital.workstation.accept();
    destination.hear_command();
    CHECK_FALSE(destination.hear_rest().complete);
    CHECK(destination.hear_end() == End::aborted);
    CHECK(delivery.hear().command.status() == dimse::status::suboperations_with_failures);
}

TEST_CASE("a deflate bomb that an archive returns is withheld") {
    Hospital hospital;
    const auto object = deflated_image();
    store_deflated(hospital, object);
    auto [viewer, pacs, asked] = hospital.move(asks_for_study(object.study));
    auto delivery = hospital.deliver("PORTCULLIS", uid::deflated);
    image::test::DataSet head(true);
    head.uid(0x00080016, uid::ct).uid(0x00080018, object.instance).uid(0x0020000D, object.study);
    delivery.say(1, store_rq(21, object, "WS1", asked.message_id()),
                 image::test::bomb_behind(head.uid(0x0020000E, "1.2.9").bytes));
    REQUIRE(delivery.hears_more_within(std::chrono::minutes(1)));  // more than a gigabyte is inflated before
    CHECK(delivery.hear().command.status() == dimse::status::suboperations_with_failures);
    const auto refusals = hospital.audit({{"event", "refusal"}, {"sop_instance", object.instance}});
    REQUIRE(refusals.size() == 1);
    CHECK(refusals[0]["reason"] == ErrorCode(image::errc::grows_too_much).message());
    CHECK(hospital.workstation.nobody_called());
}
