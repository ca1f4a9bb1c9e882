// Destinations that take only uncompressed objects, and for which the configuration has objects transcoded.

#include <dcmtk/config/osconfig.h>
#include <dcmtk/dcmdata/dcrleerg.h>

#include <catch2/catch.hpp>

#include "gateway/dimse/status.hpp"
#include "gateway/service/offers.hpp"
#include "tests/image/through_dcmtk.hpp"
#include "tests/service/deeds.hpp"

using namespace portcullis;
using namespace portcullis::service::test;
using dimse::response_to;

namespace {

const std::string rle = "1.2.840.10008.1.2.5";
const std::string htj2k = "1.2.840.10008.1.2.4.201";

void transcode(Settings& settings) {
    settings.endpoints.at("reading-room").transcode = true;
}

image::TransferSyntax syntax(const std::string& uid) {
    return *image::carried_transfer_syntax(*Uid::parse(uid));
}

Object run_length_encoded(const Object& object) {
    DcmRLEEncoderRegistration::registerCodecs();
    return {object.instance, object.study,
            image::test::through_dcmtk(
                object.data_set, syntax(uid::explicit_le), syntax(rle),
                [](DcmDataset& data) {
                    REQUIRE(data.chooseRepresentation(EXS_RLELossless, nullptr).good());
                    data.removeAllButCurrentRepresentations();
                },
                EGL_withoutGL)};
}

/// By a scanner, in this transfer syntax; what the archive then holds.
Bytes store(Hospital& hospital, const Object& object, const std::string& transfer_syntax) {
    auto [scanner, pacs] =
        hospital.associate(proposal("CT1", "PACS", {context(1, uid::ct, {transfer_syntax})}));
    scanner.say(1, store_rq(1, object), object.data_set);
    auto stored = pacs.hear();
    pacs.say(1, response_to(stored.command, 0));
    CHECK(scanner.hear().command.status() == 0);
    release(scanner, pacs);
    return std::move(stored.data_set);
}

/// A destination that accepts these transfer syntaxes alone.
Answer takes(const std::vector<std::string>& transfer_syntaxes) {
    return [=](const ul::AssociateRq& request) {
        auto answer = accept_everything(request);
        for (auto& context : answer.contexts)
            if (std::find(transfer_syntaxes.begin(), transfer_syntaxes.end(), context.transfer_syntax) ==
                transfer_syntaxes.end())
                context.result = ul::ContextResult::transfer_syntaxes_not_supported;
        return answer;
    };
}

/// The archive is asked for the study, and delivers this of it.
struct Delivering {
    Moving moving;
    Peer delivery;
};

Delivering deliver(Hospital& hospital, const Object& object, const Bytes& sealed,
                   const std::string& transfer_syntax) {
    auto moving = hospital.move(asks_for_study(object.study));
    auto delivery = hospital.deliver("PORTCULLIS", transfer_syntax);
    delivery.say(1, store_rq(21, object, "WS1", moving.asked.message_id()), sealed);
    return {std::move(moving), std::move(delivery)};
}

}  // namespace

TEST_CASE("who takes no compressed objects gets them uncompressed, where it is configured so") {
    // Held until it is verified, and what would have been sent on while it comes.
    const std::size_t size = GENERATE(256 * 1024, 6 * 1024 * 1024);
    const std::string taken = GENERATE(uid::explicit_le, uid::implicit_le);
    Hospital hospital(transcode);
    const auto native = an_image("1.2.8.1.1", size);
    const auto object = run_length_encoded(native);
    const auto sealed = store(hospital, object, rle);
    auto [moving, delivery] = deliver(hospital, object, sealed, rle);
    auto destination = hospital.workstation.accept(takes({taken}));
    CHECK(destination.proposal().contexts == std::vector{context(1, uid::ct, {rle}), context(3, uid::ct),
                                                         context(5, uid::ct, {uid::implicit_le})});
    const auto received = destination.hear();
    CHECK(received.context == (taken == uid::explicit_le ? 3u : 5u));
    const auto expected = taken == uid::explicit_le
                              ? native.data_set
                              : image::test::through_dcmtk(native.data_set, syntax(uid::explicit_le),
                                                           syntax(uid::implicit_le), {}, EGL_withoutGL);
    CHECK((received.data_set == expected));
    destination.say(received.context, response_to(received.command, 0));
    CHECK(delivery.hear().command.status() == 0);
    release(delivery, destination);
    const auto outcomes =
        hospital.audit({{"event", "retrieve"}, {"phase", "outcome"}, {"transcoded", rle + " to " + taken}});
    CHECK(outcomes.size() == 1);
}

TEST_CASE("who takes compressed objects gets them as they were sealed, whatever is configured") {
    const std::size_t size = GENERATE(256 * 1024, 6 * 1024 * 1024);
    Hospital hospital(transcode);
    const auto object = run_length_encoded(an_image("1.2.8.1.1", size));
    const auto sealed = store(hospital, object, rle);
    auto [moving, delivery] = deliver(hospital, object, sealed, rle);
    auto destination = hospital.workstation.accept();
    const auto received = destination.hear();
    CHECK(received.context == 1);
    CHECK((received.data_set == object.data_set));
    destination.say(1, response_to(received.command, 0));
    CHECK(delivery.hear().command.status() == 0);
    release(delivery, destination);
    const auto outcomes = hospital.audit({{"event", "retrieve"}, {"phase", "outcome"}});
    REQUIRE(outcomes.size() == 1);
    CHECK_FALSE(outcomes[0].contains("transcoded"));
}

TEST_CASE(
    "a destination for which nothing is configured is not offered what it would need, and gets nothing") {
    Hospital hospital;
    const auto object = run_length_encoded(an_image("1.2.8.1.1"));
    const auto sealed = store(hospital, object, rle);
    auto [moving, delivery] = deliver(hospital, object, sealed, rle);
    auto destination = hospital.workstation.accept(takes({uid::implicit_le, uid::explicit_le}));
    CHECK(destination.proposal().contexts == std::vector{context(1, uid::ct, {rle}), context(3, uid::ct)});
    CHECK(delivery.hear().command.status() == dimse::status::suboperations_with_failures);
    CHECK_FALSE(destination.hears_more_within(std::chrono::milliseconds(100)));
    CHECK(hospital.audit({{"event", "refusal"}, {"reason", "destination"}}).size() == 1);
}

TEST_CASE("nothing of an object that does not verify is decoded, and the destination hears nothing of it") {
    Hospital hospital(transcode);
    const auto object = run_length_encoded(an_image("1.2.8.1.1", 6 * 1024 * 1024));
    auto sealed = store(hospital, object, rle);
    sealed[sealed.size() / 2 + sealed.size() / 4] ^= 1;
    auto [moving, delivery] = deliver(hospital, object, sealed, rle);
    auto destination = hospital.workstation.accept(takes({uid::explicit_le}));
    CHECK(delivery.hear().command.status() == dimse::status::suboperations_with_failures);
    CHECK_FALSE(destination.hears_more_within(std::chrono::milliseconds(100)));
    CHECK(hospital.audit({{"event", "alert"}, {"sop_instance", object.instance}}).size() == 1);
}

TEST_CASE("what verifies but cannot be decoded fails alone, with a word about why") {
    Hospital hospital(transcode);
    auto damaged = run_length_encoded(an_image("1.2.8.1.1"));
    const Bytes pixels = {0xE0, 0x7F, 0x10, 0x00};
    const auto at =
        std::search(damaged.data_set.begin(), damaged.data_set.end(), pixels.begin(), pixels.end());
    REQUIRE(at != damaged.data_set.end());
    *(at + 32) = 9;  // segments: behind the header, the table of one offset and the fragment's own header
    const auto native = an_image("1.2.8.1.2");
    const auto good = run_length_encoded(native);
    const auto sealed_damaged = store(hospital, damaged, rle);
    const auto sealed_good = store(hospital, good, rle);
    auto [moving, delivery] = deliver(hospital, damaged, sealed_damaged, rle);
    auto destination = hospital.workstation.accept(takes({uid::explicit_le}));
    CHECK(delivery.hear().command.status() == dimse::status::suboperations_with_failures);
    delivery.say(1, store_rq(22, good, "WS1", moving.asked.message_id()), sealed_good);
    const auto received = destination.hear();
    CHECK((received.data_set == native.data_set));
    destination.say(received.context, response_to(received.command, 0));
    CHECK(delivery.hear().command.status() == 0);
    release(delivery, destination);
    const auto refusals = hospital.audit({{"event", "refusal"}, {"reason", "transcoding"}});
    REQUIRE(refusals.size() == 1);
    CHECK(refusals[0]["sop_instance"] == damaged.instance);
    CHECK(refusals[0]["detail"] == "frame 1 does not decompress");
}

TEST_CASE("a transfer syntax without a decoder is the reason that the audit gives") {
    Hospital hospital(transcode);
    const auto object = run_length_encoded(an_image("1.2.8.1.1"));
    const auto sealed = store(hospital, object, htj2k);  // what is in the fragments nobody asks here
    auto [moving, delivery] = deliver(hospital, object, sealed, htj2k);
    auto destination = hospital.workstation.accept(takes({uid::explicit_le, uid::implicit_le}));
    CHECK(delivery.hear().command.status() == dimse::status::suboperations_with_failures);
    const auto refusals = hospital.audit({{"event", "refusal"}, {"reason", "transcoding"}});
    REQUIRE(refusals.size() == 1);
    CHECK(refusals[0]["detail"] == "there is no decoder of " + htj2k);
}

TEST_CASE("a push is transcoded where it opens, and never where it stays sealed") {
    const auto decide = GENERATE(policy::Decision::open, policy::Decision::sealed);
    Hospital hospital([=](Settings& settings) {
        transcode(settings);
        settings.rules.push_back(push_rule(decide));
    });
    const auto native = an_image("1.2.8.1.1", 6 * 1024 * 1024);
    const auto object = run_length_encoded(native);
    const auto sealed = store(hospital, object, rle);
    auto archive = hospital.deliver("WS1", rle);
    archive.say(1, store_rq(21, object), sealed);
    auto destination = hospital.workstation.accept(takes({uid::explicit_le}));
    if (decide == policy::Decision::open) {
        const auto received = destination.hear();
        CHECK((received.data_set == native.data_set));
        destination.say(received.context, response_to(received.command, 0));
        CHECK(archive.hear().command.status() == 0);
    } else {
        CHECK(archive.hear().command.status() == dimse::status::out_of_resources);
        CHECK_FALSE(destination.hears_more_within(std::chrono::milliseconds(100)));
        CHECK(hospital.audit({{"event", "refusal"}, {"reason", "destination"}}).size() == 1);
    }
}

TEST_CASE("of what was not stored so the uncompressed context is accepted, which every destination takes") {
    Hospital hospital(transcode);
    Call calling(
        hospital.wire, hospital.port("archive"),
        proposal("PACS", "PORTCULLIS", {context(1, uid::ct, {rle, uid::implicit_le, uid::explicit_le})}));
    auto archive = calling.established();
    const auto& answered = archive.answer().contexts;
    REQUIRE(answered.size() == 1);
    CHECK(answered[0].result == ul::ContextResult::acceptance);
    CHECK(answered[0].transfer_syntax == uid::explicit_le);
}

TEST_CASE("where few context ids are free, those of compressed objects come first") {
    std::vector<ul::ProposedContext> contexts;
    while (contexts.size() < 125)
        contexts.push_back(context(static_cast<unsigned>(2 * contexts.size() + 1),
                                   "1.2.840.10008.5.1.4.1.1." + std::to_string(1000 + contexts.size())));
    contexts.push_back(context(255, uid::ct, {rle}));
    auto request = proposal("PACS", "WS1", contexts);
    service::offer_uncompressed(request);
    REQUIRE(request.contexts.size() == 128);
    CHECK(request.contexts[126] == context(251, uid::ct));
    CHECK(request.contexts[127] == context(253, uid::ct, {uid::implicit_le}));
}
