// C-STORE from a scanner: what goes well.

#include <algorithm>
#include <catch2/catch.hpp>

#include "gateway/service/services.hpp"
#include "tests/image/build.hpp"
#include "tests/service/deeds.hpp"
#include "tests/service/hospital.hpp"

using namespace portcullis;
using namespace portcullis::service::test;
using dimse::response_to;

namespace {

bool contains(ByteView all, ByteView part) {
    return std::search(all.begin(), all.end(), part.begin(), part.end()) != all.end();
}

Bytes us(std::uint32_t tag, std::uint16_t value) {
    return image::test::DataSet(true).us(tag, value).bytes;
}

/// With `by` in the place of `part`, which stands in it once.
Bytes with(const Bytes& all, const Bytes& part, const Bytes& by) {
    const auto at = std::search(all.begin(), all.end(), part.begin(), part.end());
    REQUIRE(at != all.end());
    Bytes made(all.begin(), at);
    append(made, by);
    made.insert(made.end(), at + static_cast<std::ptrdiff_t>(part.size()), all.end());
    return made;
}

/// Image Comments of an object with this envelope.
Bytes mark(const std::string& envelope) {
    std::string text =
        "Pixels sealed by Portcullis gateway gate-1: retrieve this object through the gateway to see them. "
        "Envelope " +
        envelope;
    if (text.size() % 2 != 0) text += ' ';
    return image::test::DataSet(true).element(0x00204000, "LT", text).bytes;
}

}  // namespace

TEST_CASE("the archive gets the image with its pixels sealed; before them the bits are counted, and marked") {
    const bool marked = GENERATE(true, false);
    Hospital hospital([=](Settings& settings) { settings.mark = marked; });
    const auto object = an_image("1.2.8.1.1");
    const auto sealed = hospital.store(object);
    const ByteView original = object.data_set;
    const auto pixels = original.last(256 * 1024);
    Bytes header(original.begin(), original.end() - 256 * 1024);
    header = with(header, us(0x00280101, 12), us(0x00280101, 16));
    header = with(header, us(0x00280102, 11), us(0x00280102, 15));
    const auto intents = hospital.audit({{"event", "store"}, {"phase", "intent"}});
    REQUIRE(intents.size() == 1);
    const auto samples = us(0x00280002, 1);
    auto before_samples = mark(intents[0]["envelope"]);
    append(before_samples, samples);
    if (marked) header = with(header, samples, before_samples);
    REQUIRE(sealed.size() > header.size() + pixels.size());
    CHECK(std::equal(header.begin(), header.end(), sealed.begin()));
    for (std::size_t at = 0; at < pixels.size(); at += 4096)
        CHECK_FALSE(contains(sealed, pixels.subspan(at, 16)));
}

TEST_CASE("the archive sees the gateway's message ids, and each scanner gets back its own") {
    Hospital hospital;
    auto [ct, ct_archive] = hospital.associate(scanner_proposal());
    auto [mr, mr_archive] = hospital.associate(proposal("MR1", "PACS", {context(1, uid::ct)}));
    const auto first = an_image("1.2.8.1.1", 1024);
    const auto second = an_image("1.2.8.1.2", 1024);
    ct.say(1, store_rq(700, first), first.data_set);
    mr.say(1, store_rq(700, second), second.data_set);
    const auto from_ct = ct_archive.hear().command;
    const auto from_mr = mr_archive.hear().command;
    CHECK(from_ct.message_id() != from_mr.message_id());
    CHECK(from_ct.sop_instance()->str() == first.instance);

    mr_archive.say(1, response_to(from_mr, 0));
    ct_archive.say(1, response_to(from_ct, 0));
    const auto to_ct = ct.hear().command;
    CHECK(to_ct.responded_to() == MessageId{700});
    CHECK(to_ct.sop_instance()->str() == first.instance);
    CHECK(mr.hear().command.responded_to() == MessageId{700});
    release(ct, ct_archive);
    release(mr, mr_archive);
}

TEST_CASE("the archive's own status comes back to the scanner") {
    const auto status =
        GENERATE(std::uint16_t{0x0000}, std::uint16_t{0xB000}, std::uint16_t{0xB007}, std::uint16_t{0x0111},
                 std::uint16_t{0xA700}, std::uint16_t{0xA900}, std::uint16_t{0xC123});
    Hospital hospital;
    auto [scanner, pacs] = hospital.associate(scanner_proposal());
    const auto object = an_image("1.2.8.1.1", 1024);
    scanner.say(1, store_rq(5, object), object.data_set);
    auto answer = response_to(pacs.hear().command, status);
    answer.set(dimse::Element::error_comment, "of the archive");
    pacs.say(1, answer);

    const auto heard = scanner.hear().command;
    CHECK(heard.status() == status);
    CHECK(heard.text(dimse::Element::error_comment) == "of the archive");
    release(scanner, pacs);
    const auto outcomes = hospital.audit({{"event", "store"}, {"phase", "outcome"}});
    REQUIRE(outcomes.size() == 1);
    CHECK(outcomes[0]["status"] == portcullis::service::hex(status));
}

TEST_CASE("a data set in other fragments, one of them tiny, is the same image") {
    Hospital hospital;
    auto [scanner, pacs] = hospital.associate(scanner_proposal());
    const auto object = an_image("1.2.8.1.1", 64 * 1024);
    const ByteView all = object.data_set;
    scanner.begin(1, store_rq(1, object));
    scanner.more(all.first(1));
    scanner.more(all.subspan(1, 2));
    scanner.more(all.subspan(3, 40'001));
    scanner.end(all.subspan(40'004));
    const auto stored = pacs.hear();
    CHECK(stored.data_set.size() > object.data_set.size());
    pacs.say(1, response_to(stored.command, 0));
    CHECK(scanner.hear().command.status() == 0);
}

TEST_CASE("stores that do not wait for each other are answered in the archive's order") {
    Hospital hospital;
    auto [scanner, pacs] = hospital.associate(scanner_proposal());
    const auto first = an_image("1.2.8.1.1");
    const auto second = an_image("1.2.8.1.2");
    scanner.say(1, store_rq(11, first), first.data_set);
    scanner.say(1, store_rq(12, second), second.data_set);
    const auto stored_first = pacs.hear().command;
    const auto stored_second = pacs.hear().command;
    CHECK(stored_first.sop_instance()->str() == first.instance);
    CHECK(stored_second.sop_instance()->str() == second.instance);

    pacs.say(1, response_to(stored_second, 0xB000));
    const auto heard_second = scanner.hear().command;
    CHECK(heard_second.responded_to() == MessageId{12});
    CHECK(heard_second.status() == 0xB000);
    pacs.say(1, response_to(stored_first, 0));
    const auto heard_first = scanner.hear().command;
    CHECK(heard_first.responded_to() == MessageId{11});
    CHECK(heard_first.status() == 0);
    release(scanner, pacs);
}

TEST_CASE("requests that share a message id are each answered") {
    Hospital hospital;
    auto [scanner, pacs] = hospital.associate(scanner_proposal());
    const auto first = an_image("1.2.8.1.1", 1024);
    const auto second = an_image("1.2.8.1.2", 1024);
    scanner.say(1, store_rq(5, first), first.data_set);
    scanner.say(1, store_rq(5, second), second.data_set);
    const auto stored_first = pacs.hear().command;
    const auto stored_second = pacs.hear().command;
    CHECK(stored_first.message_id() != stored_second.message_id());

    pacs.say(1, response_to(stored_second, 0xB000));
    pacs.say(1, response_to(stored_first, 0));
    const auto heard_second = scanner.hear().command;
    CHECK(heard_second.responded_to() == MessageId{5});
    CHECK(heard_second.sop_instance()->str() == second.instance);
    CHECK(heard_second.status() == 0xB000);
    const auto heard_first = scanner.hear().command;
    CHECK(heard_first.responded_to() == MessageId{5});
    CHECK(heard_first.sop_instance()->str() == first.instance);
    CHECK(heard_first.status() == 0);
    release(scanner, pacs);
    for (const auto& object : {first, second})
        CHECK(hospital.audit({{"phase", "outcome"}, {"sop_instance", object.instance}}).size() == 1);
}

TEST_CASE(
    "where command and data set name different SOP classes the command counts, and the audit has both") {
    Hospital hospital;
    const std::string mr = "1.2.840.10008.5.1.4.1.1.4";
    const auto class_of = [](const std::string& name) {
        return image::test::DataSet(true).uid(0x00080016, name).bytes;
    };
    auto object = an_image("1.2.8.1.1");
    object.data_set = with(object.data_set, class_of(uid::ct), class_of(mr));
    const auto sealed = hospital.store(object);
    CHECK(contains(sealed, class_of(mr)));
    CHECK((retrieve(hospital, object, sealed) == object.data_set));
    const auto intents = hospital.audit({{"event", "store"}, {"phase", "intent"}});
    REQUIRE(intents.size() == 1);
    CHECK(intents[0]["sop_class"] == uid::ct);
    CHECK(intents[0]["data_set_sop_class"] == mr);
}

TEST_CASE("an object without pixels passes, and the registry knows that there was nothing to seal") {
    Hospital hospital;
    auto object = an_image("1.2.8.1.1", 1024);
    const auto samples = us(0x00280002, 1);
    const auto& all = object.data_set;
    object.data_set.erase(std::search(all.begin(), all.end(), samples.begin(), samples.end()), all.end());
    CHECK(hospital.store(object) == object.data_set);
    const auto intents = hospital.audit({{"event", "store"}, {"phase", "intent"}});
    REQUIRE(intents.size() == 1);
    CHECK(intents[0]["envelope"] == "");
}

TEST_CASE("an archive that releases while nothing is in flight is called again for the next image") {
    Hospital hospital;
    auto [scanner, pacs] = hospital.associate(scanner_proposal());
    pacs.ask_release();
    CHECK(pacs.hear_end() == End::released);

    const auto object = an_image("1.2.8.1.1");
    scanner.say(1, store_rq(1, object), object.data_set);
    auto again = hospital.archive.accept();
    CHECK(again.proposal().calling.str() == "CT1");
    again.say(1, response_to(again.hear().command, 0));
    CHECK(scanner.hear().command.status() == 0);
    release(scanner, again);
}
