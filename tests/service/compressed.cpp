// Archives that compressed since what was sealed native, and what is negotiated so that they can return it.

#include <dcmtk/config/osconfig.h>
#include <dcmtk/dcmdata/dcrleerg.h>

#include <catch2/catch.hpp>

#include "gateway/dimse/status.hpp"
#include "tests/image/through_dcmtk.hpp"
#include "tests/service/deeds.hpp"

using namespace portcullis;
using namespace portcullis::service::test;
using dimse::CommandField;
using dimse::response_to;

namespace {

const std::string rle = "1.2.840.10008.1.2.5";
const std::string jpeg_ls = "1.2.840.10008.1.2.4.80";

Bytes run_length_encoded(const Bytes& data_set) {
    DcmRLEEncoderRegistration::registerCodecs();
    const auto syntax = [](const std::string& uid) {
        return *image::carried_transfer_syntax(*Uid::parse(uid));
    };
    return image::test::through_dcmtk(
        data_set, syntax(uid::explicit_le), syntax(rle),
        [](DcmDataset& data) { REQUIRE(data.chooseRepresentation(EXS_RLELossless, nullptr).good()); },
        EGL_withoutGL);
}

/// The archive delivers in these contexts; what was accepted.
std::vector<std::pair<unsigned, std::string>> accepted(Hospital& hospital,
                                                       std::vector<ul::ProposedContext> contexts) {
    Call calling(hospital.wire, hospital.port("archive"),
                 proposal("PACS", "PORTCULLIS", std::move(contexts)));
    auto peer = calling.established();
    std::vector<std::pair<unsigned, std::string>> found;
    for (const auto& answered : peer.answer().contexts)
        if (answered.result == ul::ContextResult::acceptance)
            found.emplace_back(answered.id.value(), answered.transfer_syntax);
    return found;
}

}  // namespace

TEST_CASE("what comes compressed by C-MOVE reaches the destination native") {
    Hospital hospital;
    const auto object = an_image("1.2.8.1.1", 3 * 1024 * 1024);
    const auto sealed = hospital.store(object);
    auto [viewer, pacs, asked] = hospital.move(asks_for_study(object.study));
    auto delivery = hospital.deliver("PORTCULLIS", rle);
    delivery.say(1, store_rq(21, object, "WS1", asked.message_id()), run_length_encoded(sealed));
    auto destination = hospital.workstation.accept();
    CHECK(destination.proposal().contexts == std::vector{context(1, uid::ct, {rle}), context(3, uid::ct)});
    const auto received = destination.hear();
    CHECK(received.context == 3);
    CHECK((received.data_set == object.data_set));
    destination.say(3, response_to(received.command, 0));
    CHECK(delivery.hear().command.status() == 0);
}

TEST_CASE("what was compressed and is pushed sealed stays compressed") {
    Hospital hospital(
        [](Settings& settings) { settings.rules.push_back(push_rule(policy::Decision::sealed)); });
    const auto object = an_image("1.2.8.1.1", 3 * 1024 * 1024);
    const auto compressed = run_length_encoded(hospital.store(object));
    auto delivery = hospital.deliver("WS1", rle);
    delivery.say(1, store_rq(21, object), compressed);
    auto destination = hospital.workstation.accept();
    const auto received = destination.hear();
    CHECK(received.context == 1);
    CHECK((received.data_set == compressed));
    destination.say(1, response_to(received.command, 0));
    CHECK(delivery.hear().command.status() == 0);
}

TEST_CASE("a destination that does not take native objects gets nothing") {
    Hospital hospital;
    const auto object = an_image("1.2.8.1.1");
    const auto sealed = hospital.store(object);
    auto [viewer, pacs, asked] = hospital.move(asks_for_study(object.study));
    auto delivery = hospital.deliver("PORTCULLIS", rle);
    delivery.say(1, store_rq(21, object, "WS1", asked.message_id()), run_length_encoded(sealed));
    auto destination = hospital.workstation.accept([](const ul::AssociateRq& request) {
        auto answer = accept_everything(request);
        answer.contexts[1].result = ul::ContextResult::transfer_syntaxes_not_supported;
        return answer;
    });
    CHECK(delivery.hear().command.status() != 0);
    CHECK_FALSE(destination.hears_more_within(std::chrono::milliseconds(100)));
    CHECK(hospital.audit({{"event", "refusal"}, {"reason", "destination"}}).size() == 1);
}

TEST_CASE("what comes compressed by C-GET reaches the viewer native, in a context of its own") {
    Hospital hospital;
    const auto object = an_image("1.2.8.1.1", 3 * 1024 * 1024);
    const auto sealed = hospital.store(object);
    auto asked_for = proposal("WS1", "PACS",
                              {context(1, uid::study_get), context(3, uid::ct, {jpeg_ls, uid::explicit_le})});
    asked_for.user.roles = {{*Uid::parse(uid::ct), false, true}};
    auto peers = hospital.associate(asked_for, [](const ul::AssociateRq& request) {
        auto answer = accept_everything(request);
        answer.user.roles = request.user.roles;
        return answer;
    });
    const auto& offered = peers.archive.proposal().contexts;
    REQUIRE(offered.size() == 7);
    CHECK(offered[1] == context(3, uid::ct));
    unsigned compressed = 0;
    for (const auto& one : offered)
        if (one.transfer_syntaxes.front().str() == rle) compressed = one.id.value();
    CHECK(compressed > 3);
    CHECK(peers.scanner.answer().contexts.size() == 2);

    peers.scanner.say(1, request(CommandField::c_get_rq, 50, uid::study_get), asks_for_study("1.2.8"));
    (void)peers.archive.hear();
    peers.archive.say(compressed, store_rq(9, object), run_length_encoded(sealed));
    const auto received = peers.scanner.hear();
    CHECK(received.context == 3);
    CHECK((received.data_set == object.data_set));
    peers.scanner.say(3, response_to(received.command, 0));
    const auto answer = peers.archive.hear();
    CHECK(answer.context == compressed);
    CHECK(answer.command.status() == 0);
}

TEST_CASE("an archive is offered compressions only of what was sealed native") {
    Hospital hospital;
    auto asked_for = proposal("WS1", "PACS",
                              {context(1, uid::study_get), context(3, uid::ct, {jpeg_ls, uid::explicit_le})});
    asked_for.user.roles = {{*Uid::parse(uid::ct), false, true}};
    auto peers = hospital.associate(asked_for);
    CHECK(peers.archive.proposal().contexts == asked_for.contexts);
}

TEST_CASE("to a viewer that proposes nearly all contexts as many compressions are added as there are ids") {
    Hospital hospital;
    (void)hospital.store(an_image("1.2.8.1.1"));
    std::vector<ul::ProposedContext> contexts = {context(1, uid::study_get), context(3, uid::ct)};
    while (contexts.size() < 126)
        contexts.push_back(context(static_cast<unsigned>(2 * contexts.size() + 1), uid::verification));
    auto asked_for = proposal("WS1", "PACS", std::move(contexts));
    asked_for.user.roles = {{*Uid::parse(uid::ct), false, true}};
    auto peers = hospital.associate(asked_for);
    const auto& offered = peers.archive.proposal().contexts;
    REQUIRE(offered.size() == 128);
    for (std::size_t i = 0; i < offered.size(); ++i) CHECK(offered[i].id.value() == 2 * i + 1);
    CHECK(offered[127].abstract_syntax.str() == uid::ct);
    CHECK(peers.scanner.answer().contexts.size() == 126);
}

TEST_CASE(
    "where unsealed objects may pass, the archive decompresses for C-GET as it does without a gateway") {
    Hospital hospital([](Settings& settings) { settings.pass_unregistered = true; });
    (void)hospital.store(an_image("1.2.8.1.1"));
    auto asked_for = proposal("WS1", "PACS", {context(1, uid::study_get), context(3, uid::ct)});
    asked_for.user.roles = {{*Uid::parse(uid::ct), false, true}};
    auto peers = hospital.associate(asked_for);
    CHECK(peers.archive.proposal().contexts == asked_for.contexts);
}

TEST_CASE("an archive may deliver compressed in contexts behind the one in which it was stored") {
    Hospital hospital;
    const auto object = an_image("1.2.8.1.1");
    (void)hospital.store(object);
    using Pairs = std::vector<std::pair<unsigned, std::string>>;
    CHECK(accepted(hospital,
                   {context(1, uid::ct, {rle}), context(3, uid::ct), context(5, uid::ct, {jpeg_ls, rle})}) ==
          Pairs{{3, uid::explicit_le}, {5, jpeg_ls}});
    CHECK(accepted(hospital, {context(1, uid::ct, {rle})}) == Pairs{{1, rle}});
}
