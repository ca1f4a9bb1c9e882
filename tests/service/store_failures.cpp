// C-STORE from a scanner: what goes wrong must not look like success, nor leave half an object.

#include <catch2/catch.hpp>

#include "gateway/dimse/status.hpp"
#include "tests/image/build.hpp"
#include "tests/service/disk_gate.hpp"
#include "tests/service/hospital.hpp"

using namespace portcullis;
using namespace portcullis::service::test;
using dimse::response_to;
using image::test::DataSet;

namespace {

constexpr std::size_t more_than_sockets_hold = 32 * 1024 * 1024;  // bytes

void no_place_for_an_envelope(Bytes& image) {
    DataSet creators(true);
    for (std::uint32_t block = 0x10; block <= 0xFE; ++block)
        creators.element(0x7FE10000 + block, "LO", "ACME");
    append(image, creators.bytes);
}

void a_value_longer_than_an_envelope_holds(Bytes& image) {
    append(image, DataSet(true).element(0xFFFAFFFA, "OB", Bytes(5 * 1024 * 1024)).bytes);
}

void a_region_deeper_than_an_envelope_names(Bytes& image) {
    Bytes content = DataSet(true).element(0x7FE00010, "OW", "12").bytes;
    for (int depth = 0; depth < 33; ++depth)
        content = image::test::sequence_of({true}, 0x90011001, content, false);
    append(image, content);
}

}  // namespace

TEST_CASE("a scanner is heard to the end although the archive has refused already") {
    Hospital hospital;
    auto [scanner, pacs] = hospital.associate(scanner_proposal());
    const auto object = an_image("1.2.8.1.1", more_than_sockets_hold);
    const ByteView all = object.data_set;
    scanner.begin(1, store_rq(1, object));
    scanner.more(all.first(1024 * 1024));
    pacs.say(1, response_to(pacs.hear_command(), 0xA700));
    scanner.end(all.subspan(1024 * 1024));
    scanner.await_taken();
    const auto answer = scanner.hear().command;
    CHECK(answer.status() == 0xA700);
    CHECK(answer.responded_to() == MessageId{1});
    CHECK(pacs.hear_rest().complete);
    release(scanner, pacs);
}

TEST_CASE("an archive that speaks of success before it has the image is not believed") {
    const auto early = GENERATE(std::uint16_t{0x0000}, std::uint16_t{0xB000});
    Hospital hospital;
    auto [scanner, pacs] = hospital.associate(scanner_proposal());
    const auto object = an_image("1.2.8.1.1", more_than_sockets_hold);
    const ByteView all = object.data_set;
    scanner.begin(1, store_rq(1, object));
    scanner.more(all.first(1024 * 1024));
    pacs.say(1, response_to(pacs.hear_command(), early));
    scanner.end(all.subspan(1024 * 1024));
    scanner.await_taken();
    CHECK(scanner.hear_end() == End::aborted);
    CHECK(pacs.hear_rest().complete);
    CHECK(pacs.hear_end() == End::aborted);
    CHECK(hospital.audit({{"event", "store"}, {"phase", "outcome"}}).empty());
}

TEST_CASE("a scanner is heard to the end although the archive aborted, and then aborted, too") {
    Hospital hospital;
    auto [scanner, pacs] = hospital.associate(scanner_proposal());
    const auto object = an_image("1.2.8.1.1", more_than_sockets_hold);
    const ByteView all = object.data_set;
    scanner.begin(1, store_rq(1, object));
    scanner.more(all.first(1024 * 1024));
    pacs.hear_command();
    pacs.abort();
    scanner.end(all.subspan(1024 * 1024));
    scanner.await_taken();
    CHECK(scanner.hear_end() == End::aborted);
    CHECK(hospital.audit({{"event", "store"}, {"phase", "outcome"}}).empty());
}

TEST_CASE("a scanner that waits for an answer is aborted when the archive aborts") {
    Hospital hospital;
    auto [scanner, pacs] = hospital.associate(scanner_proposal());
    const auto object = an_image("1.2.8.1.1", 1024);
    scanner.say(1, store_rq(1, object), object.data_set);
    pacs.hear();
    pacs.abort();
    CHECK(scanner.hear_end() == End::aborted);
    const auto lost = hospital.audit({{"event", "failure"}, {"operation", "store"}});
    REQUIRE(lost.size() == 1);
    CHECK(lost[0]["sop_instance"] == object.instance);
}

TEST_CASE("what a scanner does not finish never becomes an object in the archive") {
    enum class Leaves { aborts, vanishes, releases };
    const auto how = GENERATE(Leaves::aborts, Leaves::vanishes, Leaves::releases);
    CAPTURE(static_cast<int>(how));
    Hospital hospital;
    auto [scanner, pacs] = hospital.associate(scanner_proposal());
    const auto object = an_image("1.2.8.1.1", 1024 * 1024);
    scanner.begin(1, store_rq(1, object));
    scanner.more(object.data_set);  // all of it, but for the end flag
    CHECK(pacs.hear_command().sop_instance()->str() == object.instance);
    scanner.await_taken();
    if (how == Leaves::aborts) {
        scanner.abort();
    } else if (how == Leaves::vanishes) {
        scanner.vanish();
    } else {
        scanner.ask_release();
        CHECK(scanner.hear_end() == End::aborted);
    }
    CHECK_FALSE(pacs.hear_rest().complete);
    CHECK(pacs.hear_end() == End::aborted);
    const auto lost = hospital.audit({{"event", "failure"}, {"operation", "store"}});
    REQUIRE(lost.size() == 1);
    CHECK(lost[0]["sop_instance"] == object.instance);
    CHECK(lost[0]["calling_ae"] == "CT1");
}

TEST_CASE("a malformed data set is refused alone: the next image goes over a new association") {
    Hospital hospital;
    auto [scanner, pacs] = hospital.associate(scanner_proposal());
    const auto object = an_image("1.2.8.1.1", 1024 * 1024);
    ByteView cut = object.data_set;
    cut = cut.first(cut.size() - 2);  // Pixel Data is longer than what comes
    scanner.say(1, store_rq(31, object), cut);
    pacs.hear_command();
    CHECK_FALSE(pacs.hear_rest().complete);
    CHECK(pacs.hear_end() == End::aborted);
    const auto refused = scanner.hear().command;
    CHECK(refused.status() == dimse::status::cannot_understand);
    CHECK(refused.responded_to() == MessageId{31});

    const auto next = an_image("1.2.8.1.2");
    scanner.say(1, store_rq(32, next), next.data_set);
    auto again = hospital.archive.accept();
    const auto stored = again.hear();
    CHECK(stored.command.sop_instance()->str() == next.instance);
    again.say(1, response_to(stored.command, 0));
    CHECK(scanner.hear().command.status() == 0);
    release(scanner, again);
    const auto refusals = hospital.audit({{"event", "refusal"}, {"operation", "store"}});
    REQUIRE(refusals.size() == 1);
    CHECK(refusals[0]["sop_instance"] == object.instance);
}

TEST_CASE("an image that can never be sealed is refused as such, and not for the moment") {
    const auto put = GENERATE(as<void (*)(Bytes&)>{}, no_place_for_an_envelope,
                              a_value_longer_than_an_envelope_holds, a_region_deeper_than_an_envelope_names);
    Hospital hospital;
    auto [scanner, pacs] = hospital.associate(scanner_proposal());
    auto object = an_image("1.2.8.1.1", 1024);
    put(object.data_set);
    scanner.say(1, store_rq(1, object), object.data_set);
    CHECK(pacs.hear_end() == End::aborted);  // before a word of the image has left
    CHECK(scanner.hear().command.status() == dimse::status::cannot_understand);
    const auto refusals = hospital.audit({{"event", "refusal"}, {"operation", "store"}});
    REQUIRE(refusals.size() == 1);
    CHECK(std::string(refusals[0]["reason"]).starts_with("cannot be sealed: "));
}

TEST_CASE("an image under the name of another is refused alone") {
    Hospital hospital;
    auto [scanner, pacs] = hospital.associate(scanner_proposal());
    const auto object = an_image("1.2.8.1.1");
    scanner.say(1, store_rq(1, an_image("1.2.8.1.2")), object.data_set);
    CHECK(scanner.hear().command.status() == dimse::status::data_set_mismatch);
    scanner.say(1, store_rq(2, object), object.data_set);
    const auto stored = pacs.hear().command;  // of the other it has heard nothing
    CHECK(stored.sop_instance()->str() == object.instance);
    pacs.say(1, response_to(stored, 0));
    CHECK(scanner.hear().command.status() == 0);
    release(scanner, pacs);
}

TEST_CASE("an archive that agrees to less when it is called again is not used") {
    Hospital hospital;
    auto [scanner, pacs] = hospital.associate(scanner_proposal());
    pacs.ask_release();
    CHECK(pacs.hear_end() == End::released);
    const auto object = an_image("1.2.8.1.1");
    scanner.say(1, store_rq(1, object), object.data_set);
    auto again = hospital.archive.accept([](const ul::AssociateRq& request) {
        auto answer = accept_everything(request);
        answer.contexts[0].result = ul::ContextResult::abstract_syntax_not_supported;
        return answer;
    });
    CHECK(again.hear_end() == End::aborted);
    CHECK(scanner.hear_end() == End::aborted);
}

TEST_CASE("a malformed data set takes an image that waits for its answer with it, and says so") {
    Hospital hospital;
    auto [scanner, pacs] = hospital.associate(scanner_proposal());
    const auto sound = an_image("1.2.8.1.1");
    const auto object = an_image("1.2.8.1.2");
    scanner.say(1, store_rq(1, sound), sound.data_set);
    pacs.hear();
    scanner.say(1, store_rq(2, object), ByteView(object.data_set).first(5000));
    CHECK(pacs.hear_end() == End::aborted);
    const auto first = scanner.hear().command;
    const auto second = scanner.hear().command;
    CHECK(first.responded_to() == MessageId{1});
    CHECK(first.status() == dimse::status::out_of_resources);
    CHECK(second.responded_to() == MessageId{2});
    CHECK(second.status() == dimse::status::cannot_understand);
}

TEST_CASE("a request that brings no object is refused without the archive") {
    Hospital hospital;
    auto [scanner, pacs] = hospital.associate(scanner_proposal());
    const auto object = an_image("1.2.8.1.1", 1024);
    scanner.say(1, store_rq(1, object));
    CHECK(scanner.hear().command.status() == dimse::status::cannot_understand);
    auto anonymous = store_rq(2, object);
    anonymous.erase(dimse::Element::affected_sop_instance_uid);
    scanner.say(1, anonymous, object.data_set);
    CHECK(scanner.hear().command.status() == dimse::status::cannot_understand);
    release(scanner, pacs);
}

TEST_CASE("an image whose envelope cannot be written to the disk is refused, and the archive gets none") {
    Hospital hospital;
    auto [scanner, pacs] = hospital.associate(scanner_proposal());
    const auto object = an_image("1.2.8.1.1");
    const BrokenDisk broken;
    scanner.say(1, store_rq(1, object), object.data_set);
    pacs.hear_command();
    CHECK_FALSE(pacs.hear_rest().complete);
    CHECK(pacs.hear_end() == End::aborted);
    CHECK(scanner.hear().command.status() == dimse::status::out_of_resources);
}
