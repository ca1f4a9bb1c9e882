// The archive is asked with the scanner's own words, and the scanner is answered with the archive's.

#include <catch2/catch.hpp>

#include "tests/service/hospital.hpp"

using namespace portcullis;
using namespace portcullis::service::test;
using ul::ContextResult;

namespace {

const std::string private_class = "1.2.840.113619.4.30";  // GE

Bytes bytes(std::string_view text) {
    return {text.begin(), text.end()};
}

}  // namespace

TEST_CASE("the archive sees the scanner's proposal, and the scanner the archive's answer") {
    Hospital hospital;
    auto asked = proposal("CT1", "PACS",
                          {context(1, uid::ct, {uid::explicit_le, uid::implicit_le}),
                           context(3, private_class, {uid::implicit_le}), context(7, uid::verification)});
    asked.user.roles = {{*Uid::parse(uid::ct), true, true}};
    asked.user.extended = {{*Uid::parse(uid::ct), {2, 0, 3, 0, 1, 0}}};
    asked.user.user_identity_rq = ul::UserIdentityRq{2, true, bytes("nurse"), bytes("secret")};

    auto [scanner, pacs] = hospital.associate(asked, [](const ul::AssociateRq& request) {
        auto answer = accept_everything(request);
        answer.contexts[0].transfer_syntax = uid::implicit_le;
        answer.contexts[2] = {*ContextId::parse(7), ContextResult::abstract_syntax_not_supported, ""};
        answer.user.roles = {{*Uid::parse(uid::ct), true, false}};
        answer.user.user_identity_ac = ul::UserIdentityAc{bytes("ticket")};
        return answer;
    });

    CHECK(pacs.proposal().calling.str() == "CT1");
    CHECK(pacs.proposal().called.str() == "PACS");
    CHECK(pacs.proposal().contexts == asked.contexts);
    CHECK(pacs.proposal().user.roles == asked.user.roles);
    CHECK(pacs.proposal().user.extended == asked.user.extended);
    CHECK(pacs.proposal().user.user_identity_rq == asked.user.user_identity_rq);
    CHECK(pacs.proposal().user.implementation_class_uid != asked.user.implementation_class_uid);
    CHECK(pacs.proposal().user.maximum_length == 256 * 1024);

    const auto& answer = scanner.answer();
    REQUIRE(answer.contexts.size() == 3);
    CHECK(answer.contexts[0].result == ContextResult::acceptance);
    CHECK(answer.contexts[0].transfer_syntax == uid::implicit_le);
    CHECK(answer.contexts[1].result == ContextResult::acceptance);
    CHECK(answer.contexts[2].result == ContextResult::abstract_syntax_not_supported);
    CHECK(answer.user.roles == std::vector<ul::RoleSelection>{{*Uid::parse(uid::ct), true, false}});
    CHECK(answer.user.user_identity_ac == ul::UserIdentityAc{bytes("ticket")});
    CHECK(answer.user.maximum_length == 256 * 1024);
}

TEST_CASE("an archive that checks who calls is called as the configuration says") {
    using Kind = CallingAe::Kind;
    const auto [kind, expected] = GENERATE(table<Kind, std::string>(
        {{Kind::mirror, "CT1"}, {Kind::own, "PORTCULLIS"}, {Kind::map, "GATE-CT1"}}));
    Hospital hospital([kind = kind](Settings& settings) {
        settings.archives[0].calling_ae = {kind, {{*AeTitle::parse("CT1"), *AeTitle::parse("GATE-CT1")}}};
    });
    const auto [scanner, pacs] = hospital.associate(scanner_proposal());
    CHECK(pacs.proposal().calling.str() == expected);
    CHECK(AeTitle::parse(scanner.answer().calling)->str() == "CT1");
}

TEST_CASE("who calls the gateway by its own title reaches the first archive") {
    Hospital hospital;
    const auto [scanner, pacs] = hospital.associate(proposal("CT1", "PORTCULLIS", {context(1, uid::ct)}));
    CHECK(pacs.proposal().called.str() == "PACS");
}

TEST_CASE("who calls a title that is nobody's is rejected, and the archive is not asked") {
    Hospital hospital;
    CHECK(hospital.call(proposal("CT1", "NOBODY", {context(1, uid::ct)})).rejected() ==
          ul::AssociateRj{1, 1, 7});
    CHECK(hospital.archive.nobody_called());
    const auto audited = hospital.audit({{"event", "association"}, {"outcome", "rejected"}});
    REQUIRE(audited.size() == 1);
    CHECK(audited[0]["called_ae"] == "NOBODY");
}

TEST_CASE("a listener for both directions tells them apart by called title and address") {
    const bool from_the_archive = GENERATE(true, false);
    Hospital hospital([&](Settings& settings) {
        settings.listen = {{"scanners", Role::both, "127.0.0.1", 0}};
        auto& archive = settings.archives[0];
        archive.move_titles = {*AeTitle::parse("PORTCULLIS"), *AeTitle::parse("DELIVERY")};
        if (!from_the_archive) archive.inbound.addresses = {*Network::parse("10.9.9.9")};
    });
    // Whoever calls by the archive's title means the archive, the archive itself among them.
    const auto [scanner, pacs] = hospital.associate(proposal("PACS", "PACS", {context(1, uid::ct)}));
    CHECK(pacs.proposal().called.str() == "PACS");

    auto by_move_title = hospital.call(proposal("CT1", "DELIVERY", {context(1, uid::verification)}));
    if (from_the_archive) {
        auto delivery = by_move_title.established();
        delivery.say(1, request(dimse::CommandField::c_echo_rq, 1, uid::verification));
        CHECK(delivery.hear().command.status() == 0);  // the gateway's own answer
        CHECK(hospital.archive.nobody_called());
    } else {
        CHECK(by_move_title.rejected() == ul::AssociateRj{1, 1, 3});
    }

    // The gateway's own title is a move title for the archive, and the way to the archive for all others.
    auto by_own_title = hospital.call(proposal("CT1", "PORTCULLIS", {context(1, uid::verification)}));
    if (!from_the_archive) CHECK(hospital.archive.accept().proposal().calling.str() == "CT1");
    by_own_title.established();
    CHECK(hospital.archive.nobody_called());
}

TEST_CASE("the archive's rejection comes back as it was") {
    const auto rejection =
        GENERATE(ul::AssociateRj{1, 1, 3}, ul::AssociateRj{1, 2, 2}, ul::AssociateRj{2, 3, 2});
    Hospital hospital;
    auto call = hospital.call(scanner_proposal());
    hospital.archive.reject(rejection);
    CHECK(call.rejected() == rejection);
    CHECK(hospital.audit({{"event", "association"}, {"outcome", "rejected"}}).size() == 1);
}

TEST_CASE("while the archive is down a scanner is rejected for the moment") {
    Hospital hospital;
    hospital.archive.go_down();
    CHECK(hospital.call(scanner_proposal()).rejected() == ul::AssociateRj{2, 3, 1});
}

TEST_CASE("what cannot be carried is not offered to the archive, and comes back rejected") {
    Hospital hospital;
    const auto asked = proposal("CT1", "PACS",
                                {context(1, uid::ct, {uid::papyrus}), context(3, uid::ct, {uid::jpip}),
                                 context(5, uid::ct, {uid::explicit_be, uid::explicit_le, uid::jpip})});
    const auto [scanner, pacs] = hospital.associate(asked);
    REQUIRE(pacs.proposal().contexts.size() == 1);
    CHECK(pacs.proposal().contexts[0] == context(5, uid::ct, {uid::explicit_be, uid::explicit_le}));

    const auto& answered = scanner.answer().contexts;
    REQUIRE(answered.size() == 3);
    CHECK(answered[0].result == ContextResult::transfer_syntaxes_not_supported);
    CHECK(answered[1].result == ContextResult::transfer_syntaxes_not_supported);
    CHECK(answered[2].result == ContextResult::acceptance);
    CHECK(answered[2].transfer_syntax == uid::explicit_be);
}

TEST_CASE("a window for asynchronous operations comes back only if one was proposed") {
    const bool proposed = GENERATE(true, false);
    using Window = ul::AsynchronousOperationsWindow;
    Hospital hospital;
    auto asked = scanner_proposal();
    if (proposed) asked.user.asynchronous_operations_window = Window{8, 1};
    const auto [scanner, pacs] = hospital.associate(asked, [](const ul::AssociateRq& request) {
        auto answer = accept_everything(request);
        answer.user.asynchronous_operations_window = Window{4, 1};
        return answer;
    });
    CHECK(pacs.proposal().user.asynchronous_operations_window == asked.user.asynchronous_operations_window);
    CHECK(scanner.answer().user.asynchronous_operations_window ==
          (proposed ? std::optional(Window{4, 1}) : std::nullopt));
}
