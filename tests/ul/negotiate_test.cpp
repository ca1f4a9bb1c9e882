#include "gateway/ul/negotiate.hpp"

#include "tests/ul/support.hpp"

using namespace portcullis;
using namespace portcullis::ul;
using namespace portcullis::ul::test;

namespace {

const Identity own{"1.2.826.0.1.1", "PORTCULLIS", 262'144};
const auto anything = [](const Uid&, const Uid&) { return true; };
const auto no_jpeg = [](const Uid&, const Uid& transfer) { return transfer.str() != jpeg_lossless; };

AssociateRq rich_request() {
    AssociateRq request = sample_request();
    request.contexts = {proposed(1, ct_storage, {explicit_little, jpeg_lossless}),
                        proposed(9, ct_storage, {jpeg_lossless}), proposed(11, mr_storage, {jpeg_lossless})};
    request.user.asynchronous_operations_window = AsynchronousOperationsWindow{0, 0};
    request.user.roles = {{uid(ct_storage), true, true}, {uid(mr_storage), true, false}};
    request.user.extended = {{uid(ct_storage), {2}}};
    request.user.common_extended = {{0, uid(ct_storage), uid("1.2.840.10008.4.2"), {}, {}}};
    request.user.user_identity_rq = UserIdentityRq{1, true, {'u'}, {}};
    request.user.unknown = {{0x5f, {1}}};
    request.unknown = {{0x70, {2}}};
    return request;
}

AssociateAc answer_with(UserInformation user) {
    AssociateAc answer = sample_answer();
    answer.user = std::move(user);
    return answer;
}

}  // namespace

TEST_CASE("the archive is sent the scanner's own proposal under the gateway's identity") {
    const AssociateRq request = rich_request();
    const AssociateRq mirrored = mirror_request(request, title("ARCHIVE"), title("GATE"), own, anything);
    AssociateRq expected = request;
    expected.called = title("ARCHIVE");
    expected.calling = title("GATE");
    expected.user.maximum_length = 262'144;
    expected.user.implementation_class_uid = "1.2.826.0.1.1";
    expected.user.implementation_version_name = "PORTCULLIS";
    CHECK(mirrored == expected);
}

TEST_CASE("a user is whom the acceptor answered for, by name") {
    auto request = sample_request();
    auto answer = sample_answer();
    const auto asked = [&](std::uint8_t type) {
        request.user.user_identity_rq = UserIdentityRq{type, true, {'n', 'u', 'r', 's', 'e'}, {'p'}};
    };
    CHECK_FALSE(confirmed_user(request, answer));
    asked(2);
    CHECK_FALSE(confirmed_user(request, answer));
    answer.user.user_identity_ac = UserIdentityAc{};
    CHECK(confirmed_user(request, answer) == "nurse");
    asked(1);
    CHECK(confirmed_user(request, answer) == "nurse");
    for (const int token : {0, 3, 4, 5, 255}) {
        asked(static_cast<std::uint8_t>(token));
        CHECK_FALSE(confirmed_user(request, answer));
    }
    request.user.user_identity_rq.reset();
    CHECK_FALSE(confirmed_user(request, answer));
}

TEST_CASE("the gateway announces its maximum length also where the scanner announced none") {
    AssociateRq request = sample_request();
    request.user.maximum_length_present = false;
    const auto mirrored = mirror_request(request, request.called, request.calling, own, anything);
    CHECK(mirrored.user.maximum_length_present);
    CHECK(mirrored.user.maximum_length == 262'144);
}

TEST_CASE("transfer syntaxes that cannot be carried are not offered, and contexts that have no other") {
    const auto mirrored = mirror_request(rich_request(), title("A"), title("B"), own, no_jpeg);
    REQUIRE(mirrored.contexts.size() == 1);
    CHECK(mirrored.contexts[0] == proposed(1, ct_storage, {explicit_little}));
}

TEST_CASE("what is asked about a class that is not offered is left out; about others it stays") {
    AssociateRq request = rich_request();
    request.user.roles.push_back({uid("1.2.3"), false, true});  // a role for a class that was never offered
    const auto mirrored = mirror_request(request, title("A"), title("B"), own, no_jpeg);
    CHECK(mirrored.user.roles ==
          std::vector<RoleSelection>{{uid(ct_storage), true, true}, {uid("1.2.3"), false, true}});
    CHECK(mirrored.user.extended.size() == 1);
}

TEST_CASE("whether a syntax can be carried may depend on the abstract syntax") {
    const auto not_for_mr = [](const Uid& abstract, const Uid&) { return abstract.str() != mr_storage; };
    const auto mirrored = mirror_request(rich_request(), title("A"), title("B"), own, not_for_mr);
    CHECK(mirrored.contexts.size() == 2);
}

TEST_CASE("the scanner gets the archive's answer, for every context that it proposed") {
    const AssociateRq request = rich_request();
    AssociateAc from_archive = sample_answer();
    from_archive.called = "ARCHIVE         ";
    from_archive.contexts = {{context_id(1), ContextResult::acceptance, explicit_little},
                             {context_id(9), ContextResult::user_rejection, ""},
                             {context_id(99), ContextResult::acceptance, explicit_little}};
    const auto answer = mirror_answer(request, from_archive, own);
    CHECK(answer.called == "PACS            ");
    CHECK(answer.calling == "CT1             ");
    REQUIRE(answer.contexts.size() == 3);
    CHECK(answer.contexts[0] == NegotiatedContext{context_id(1), ContextResult::acceptance, explicit_little});
    CHECK(answer.contexts[1] ==
          NegotiatedContext{context_id(9), ContextResult::user_rejection, jpeg_lossless});
    CHECK(answer.contexts[2] ==
          NegotiatedContext{context_id(11), ContextResult::transfer_syntaxes_not_supported, jpeg_lossless});
    CHECK(answer.user.maximum_length == 262'144);
    CHECK(answer.user.implementation_class_uid == "1.2.826.0.1.1");
    CHECK(answer.user.implementation_version_name == "PORTCULLIS");
}

TEST_CASE("an operations window is answered only if it was proposed and the archive answered it") {
    UserInformation with_window;
    with_window.asynchronous_operations_window = AsynchronousOperationsWindow{0, 0};
    AssociateRq asked = sample_request();
    asked.user.asynchronous_operations_window = AsynchronousOperationsWindow{8, 8};
    const AssociateRq not_asked = sample_request();
    CHECK(mirror_answer(asked, answer_with(with_window), own).user.asynchronous_operations_window ==
          AsynchronousOperationsWindow{0, 0});
    CHECK_FALSE(mirror_answer(not_asked, answer_with(with_window), own).user.asynchronous_operations_window);
    CHECK_FALSE(mirror_answer(asked, answer_with({}), own).user.asynchronous_operations_window);
}

TEST_CASE("roles are answered only where they were proposed") {
    AssociateRq asked = sample_request();
    asked.user.roles = {{uid(ct_storage), true, false}};
    UserInformation answered;
    answered.roles = {{uid(ct_storage), true, true}, {uid(mr_storage), true, true}};
    const auto answer = mirror_answer(asked, answer_with(answered), own);
    CHECK(answer.user.roles == std::vector<RoleSelection>{{uid(ct_storage), true, false}});
}

TEST_CASE("extended negotiation and unknown items are answered only where they were proposed") {
    const AssociateRq asked = rich_request();
    UserInformation answered;
    answered.extended = {{uid(ct_storage), {1}}, {uid(mr_storage), {1}}};
    answered.common_extended = asked.user.common_extended;
    answered.unknown = {{0x5f, {3}}, {0x5e, {4}}};
    AssociateAc from_archive = answer_with(answered);
    from_archive.unknown = {{0x70, {5}}, {0x71, {6}}};
    const auto answer = mirror_answer(asked, from_archive, own);
    CHECK(answer.user.extended == std::vector<ExtendedNegotiation>{{uid(ct_storage), {1}}});
    CHECK(answer.user.common_extended.empty());
    CHECK(answer.user.unknown == std::vector<UnknownItem>{{0x5f, {3}}});
    CHECK(answer.unknown == std::vector<UnknownItem>{{0x70, {5}}});
}

TEST_CASE("the archive's word on the user's identity reaches the scanner that asked for it") {
    UserInformation answered;
    answered.user_identity_ac = UserIdentityAc{{'o', 'k'}};
    AssociateRq asked = sample_request();
    asked.user.user_identity_rq = UserIdentityRq{3, true, {'t'}, {}};
    CHECK(mirror_answer(asked, answer_with(answered), own).user.user_identity_ac ==
          UserIdentityAc{{'o', 'k'}});
    asked.user.user_identity_rq->positive_response_requested = false;
    CHECK_FALSE(mirror_answer(asked, answer_with(answered), own).user.user_identity_ac);
    CHECK_FALSE(mirror_answer(sample_request(), answer_with(answered), own).user.user_identity_ac);
}

TEST_CASE("the longest user information that is accepted can be passed on") {
    AssociateRq request = sample_request();
    request.user = {};
    request.user.maximum_length_present = false;
    request.user.unknown = {{0x5f, Bytes(64'996)}};
    const auto received = std::get<AssociateRq>(decode(encoded(request)).value());
    CHECK_NOTHROW(encoded(mirror_request(received, title("A"), title("B"), own, anything)));
    request.user.unknown = {{0x5f, Bytes(0xffff)}};
    CHECK_THROWS_AS(encoded(request), std::length_error);
}

TEST_CASE("where the gateway is addressed itself it chooses") {
    const auto first_that_is_jpeg = [](const ProposedContext& context) -> std::optional<Uid> {
        for (const auto& syntax : context.transfer_syntaxes)
            if (syntax.str() == jpeg_lossless) return syntax;
        return std::nullopt;
    };
    AssociateRq request = rich_request();
    request.contexts.push_back(proposed(13, mr_storage, {implicit_little}));
    const auto answer = accept(request, own, first_that_is_jpeg);
    REQUIRE(answer.contexts.size() == 4);
    CHECK(answer.contexts[0] == NegotiatedContext{context_id(1), ContextResult::acceptance, jpeg_lossless});
    CHECK(answer.contexts[3] ==
          NegotiatedContext{context_id(13), ContextResult::transfer_syntaxes_not_supported, implicit_little});
    CHECK(answer.called == request.called.padded());
    CHECK(answer.application_context == application_context_name);
    CHECK(answer.user.maximum_length == own.maximum_length);
    CHECK_FALSE(answer.user.asynchronous_operations_window);
    CHECK(answer.user.roles.empty());
}

TEST_CASE("the context is found that is the first to propose a transfer syntax for a class") {
    const auto request = rich_request();
    const auto id_of = [&](const std::string& abstract_syntax, const std::vector<Uid>& transfer_syntaxes) {
        const auto* found = find_proposal(request, uid(abstract_syntax), transfer_syntaxes);
        return found == nullptr ? 0 : found->id.value();
    };
    CHECK(id_of(ct_storage, {uid(jpeg_lossless)}) == 1);
    CHECK(id_of(mr_storage, {uid(explicit_little), uid(jpeg_lossless)}) == 11);
    CHECK(id_of(mr_storage, {uid(explicit_little)}) == 0);
    CHECK(id_of(ct_storage, {}) == 0);
}

TEST_CASE("what was agreed is what was accepted of what was proposed") {
    const auto agreed = agreed_contexts(sample_request(), sample_answer());
    REQUIRE(agreed.has_value());
    REQUIRE(agreed->size() == 1);
    CHECK((*agreed)[0].first == context_id(1));
    CHECK((*agreed)[0].second.abstract_syntax == uid(ct_storage));
    CHECK((*agreed)[0].second.transfer_syntax == uid(explicit_little));
}

TEST_CASE("an answer that agrees to what was not proposed is refused") {
    const auto error_with = [](NegotiatedContext context) {
        AssociateAc answer = sample_answer();
        answer.contexts = {std::move(context)};
        const auto agreed = agreed_contexts(sample_request(), answer);
        return agreed ? ErrorCode() : agreed.error();
    };
    CHECK(error_with({context_id(5), ContextResult::acceptance, explicit_little}) == errc::invalid_value);
    CHECK(error_with({context_id(3), ContextResult::acceptance, explicit_little}) == errc::invalid_value);
    CHECK(error_with({context_id(3), ContextResult::acceptance, ""}) == errc::invalid_value);
    CHECK_FALSE(error_with({context_id(3), ContextResult::no_reason, "anything"}));
    CHECK_FALSE(error_with({context_id(3), ContextResult::acceptance, implicit_little}));
}

TEST_CASE("what the gateway offers besides has an odd id that is free, behind the others") {
    AssociateRq request = sample_request();
    request.contexts = {proposed(7, ct_storage, {explicit_little}),
                        proposed(3, mr_storage, {explicit_little})};
    const auto mirrored = request.contexts;
    offer(request, uid(ct_storage), uid(explicit_little));
    CHECK(request.contexts == mirrored);  // it is there already
    offer(request, uid(ct_storage), uid(jpeg_lossless));
    REQUIRE(request.contexts.size() == 3);
    CHECK(request.contexts.back() == proposed(9, ct_storage, {jpeg_lossless}));

    request.contexts.push_back(proposed(255, mr_storage, {jpeg_lossless}));
    offer(request, uid(ct_storage), uid(implicit_little));
    CHECK(request.contexts.back() == proposed(1, ct_storage, {implicit_little}));
}

TEST_CASE(
    "the gateway offers nothing besides where 128 contexts are proposed, and the last free id where 127 "
    "are") {
    AssociateRq request = sample_request();
    request.contexts.clear();
    for (unsigned id = 1; id <= 255; id += 2)
        if (id != 101) request.contexts.push_back(proposed(id, mr_storage, {explicit_little}));
    REQUIRE(request.contexts.size() == 127);
    offer(request, uid(ct_storage), uid(jpeg_lossless));
    CHECK(request.contexts.back() == proposed(101, ct_storage, {jpeg_lossless}));
    const auto full = request.contexts;
    REQUIRE(full.size() == 128);
    offer(request, uid(ct_storage), uid(implicit_little));
    CHECK(request.contexts == full);
}
