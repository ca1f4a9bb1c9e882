#include "gateway/scu/choice.hpp"

#include <catch2/catch.hpp>

using namespace portcullis;
using namespace portcullis::scu;

namespace {

Uid uid(const char* text) {
    return *Uid::parse(text);
}

const auto image_class = uid("1.2.840.10008.5.1.4.1.1.7");
const auto other_class = uid("1.2.840.10008.5.1.4.1.1.2");
const auto explicit_vr = uid("1.2.840.10008.1.2.1");
const auto implicit_vr = uid("1.2.840.10008.1.2");
const auto rle = uid("1.2.840.10008.1.2.5");
const auto jpip = uid("1.2.840.10008.1.2.4.94");  // has no pixel data of its own

ul::AssociateRq request(std::vector<ul::ProposedContext> contexts) {
    return {1, *AeTitle::parse("US"), *AeTitle::parse("PACS"), "", std::move(contexts), {}, {}};
}

ul::ProposedContext context(unsigned id, const Uid& sop_class, std::vector<Uid> syntaxes) {
    return {*ContextId::parse(id), sop_class, std::move(syntaxes)};
}

std::optional<Uid> chosen(const Choice& choice, const ul::AssociateRq& rq, std::size_t at) {
    return choose(choice, rq, rq.contexts[at]);
}

}  // namespace

TEST_CASE("where a preferred transfer syntax is offered for a class, no other is taken") {
    const auto rq = request({context(1, image_class, {explicit_vr, rle}),
                             context(3, image_class, {implicit_vr}), context(5, other_class, {explicit_vr})});
    CHECK(chosen({{rle}}, rq, 0) == rle);
    CHECK(chosen({{rle}}, rq, 1) == std::nullopt);
    CHECK(chosen({{rle}}, rq, 2) == explicit_vr);  // of another class
    CHECK(chosen({{implicit_vr, explicit_vr}}, rq, 0) == explicit_vr);
    CHECK(chosen({{implicit_vr, explicit_vr}}, rq, 1) == implicit_vr);
}

TEST_CASE("where none is offered, uncompressed ones are, or what the archive keeps") {
    const auto rq = request({context(1, image_class, {rle, implicit_vr}), context(3, image_class, {rle}),
                             context(5, image_class, {jpip})});
    CHECK(chosen({}, rq, 0) == implicit_vr);
    CHECK(chosen({}, rq, 1) == rle);
    CHECK(chosen({}, rq, 2) == std::nullopt);
    const Choice as_kept{{}, Choice::Else::as_it_is_kept};
    CHECK(chosen(as_kept, rq, 0) == rle);
    CHECK(chosen(as_kept, rq, 2) == std::nullopt);
}

TEST_CASE("a C-GET offers one context for each transfer syntax, as long as there are ids") {
    const auto preferred = contexts_of({{rle, explicit_vr}}, image_class, 3);
    REQUIRE(preferred.size() == 2);
    CHECK(preferred[0] == context(3, image_class, {rle}));
    CHECK(preferred[1] == context(5, image_class, {explicit_vr}));
    CHECK(contexts_of({}, image_class, 3).size() == 2);
    CHECK(contexts_of({{}, Choice::Else::as_it_is_kept}, image_class, 3).size() > 10);
    CHECK(contexts_of({}, image_class, 255).size() == 1);
    CHECK(contexts_of({}, image_class, 257).empty());
}
