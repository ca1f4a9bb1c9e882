// Stores of which policy decides by what the object says that it is: held until it has, and of what is
// refused the archive hears nothing.

#include <catch2/catch.hpp>

#include "gateway/dimse/status.hpp"
#include "gateway/registry/registry.hpp"
#include "gateway/service/held_header.hpp"
#include "tests/image/build.hpp"
#include "tests/service/deeds.hpp"

using namespace portcullis;
using namespace portcullis::service::test;
using dimse::response_to;
using policy::Decision;
namespace status = dimse::status;

namespace {

policy::Rule store_rule(const std::string& name, Decision decide) {
    policy::Rule rule;
    rule.name = name;
    rule.operations = {policy::Operation::store};
    rule.decide = decide;
    return rule;
}

/// Of MR it is decided so, what comes from the Phantom Lab passes, all else is sealed.
void decide_by_object(Settings& settings, Decision of_mr) {
    auto mr = store_rule("mr", of_mr);
    mr.modalities = {"MR"};
    auto phantoms = store_rule("phantoms", Decision::pass);
    phantoms.institutions = {*policy::NamePattern::parse("Phantom*")};
    settings.rules.insert(settings.rules.begin(), {mr, phantoms});
}

/// What the archive gets of an image, and answers with success.
Bytes stored(Peer& scanner, Peer& archive, const Object& object) {
    scanner.say(1, store_rq(1, object), object.data_set);
    auto arrived = archive.hear();
    CHECK(arrived.command.sop_instance()->str() == object.instance);
    archive.say(1, response_to(arrived.command, 0));
    CHECK(scanner.hear().command.status() == 0);
    return std::move(arrived.data_set);
}

std::string rule_of_store(Hospital& hospital, const Object& object) {
    const auto intents =
        hospital.audit({{"event", "store"}, {"phase", "intent"}, {"sop_instance", object.instance}});
    REQUIRE(intents.size() == 1);
    return intents[0]["rule"].get<std::string>() + ": " + intents[0]["decision"].get<std::string>();
}

std::size_t registered(const Hospital& hospital) {
    return registry::Registry("sqlite:///" + (hospital.folder.path() / "registry.db").string()).size();
}

/// Begins with an element of this size, before it says its modality.
Object with_a_long_header(std::size_t size) {
    image::test::DataSet data(true);
    data.element(0x00080001, "OB", Bytes(size));
    auto object = an_image("1.2.8.1.1", 64 * 1024, "1.2.8", {"MR", "", ""});
    object.data_set.insert(object.data_set.begin(), data.bytes.begin(), data.bytes.end());
    return object;
}

}  // namespace

TEST_CASE("an image that policy refuses for its modality never reaches the archive") {
    Hospital hospital([](Settings& settings) { decide_by_object(settings, Decision::refuse); });
    const auto refused = an_image("1.2.8.1.1", 3 * 1024 * 1024, "1.2.8", {"MR", "St Elsewhere", "Radiology"});
    const auto sealed = an_image("1.2.8.1.2", 64 * 1024, "1.2.8", {"CT", "St Elsewhere", "Radiology"});
    auto [scanner, archive] = hospital.associate(scanner_proposal());
    scanner.say(1, store_rq(1, refused), refused.data_set);
    CHECK(scanner.hear().command.status() == status::not_authorized);
    CHECK((stored(scanner, archive, sealed) != sealed.data_set));  // the first that it hears of
    release(scanner, archive);

    const auto refusals = hospital.audit({{"event", "refusal"}, {"operation", "store"}});
    REQUIRE(refusals.size() == 1);
    CHECK(refusals[0]["reason"] == "policy");
    CHECK(refusals[0]["rule"] == "mr");
    CHECK(refusals[0]["sop_instance"] == refused.instance);
    CHECK(rule_of_store(hospital, sealed) == "rule 1: seal");
    CHECK(registered(hospital) == 1);
}

TEST_CASE("what an image says decides whether it is sealed, by name or by department") {
    Hospital hospital([](Settings& settings) { decide_by_object(settings, Decision::pass); });
    const auto mr = an_image("1.2.8.1.1", 64 * 1024, "1.2.8", {"MR", "", ""});
    const auto phantom = an_image("1.2.8.1.2", 64 * 1024, "1.2.8", {"CT", "St Elsewhere", "PHANTOM LAB"});
    const auto other = an_image("1.2.8.1.3", 64 * 1024, "1.2.8", {"CT", "St Elsewhere", "Radiology"});
    const auto silent = an_image("1.2.8.1.4", 64 * 1024);
    auto [scanner, archive] = hospital.associate(scanner_proposal());
    CHECK((stored(scanner, archive, mr) == mr.data_set));
    CHECK((stored(scanner, archive, phantom) == phantom.data_set));
    CHECK((stored(scanner, archive, other) != other.data_set));
    CHECK((stored(scanner, archive, silent) != silent.data_set));
    release(scanner, archive);
    CHECK(rule_of_store(hospital, mr) == "mr: pass");
    CHECK(rule_of_store(hospital, phantom) == "phantoms: pass");
    CHECK(rule_of_store(hospital, other) == "rule 1: seal");
    CHECK(rule_of_store(hospital, silent) == "rule 1: seal");
    CHECK(registered(hospital) == 2);
}

TEST_CASE("what was held while nothing was decided opens bit for bit") {
    Hospital hospital([](Settings& settings) { decide_by_object(settings, Decision::refuse); });
    const auto object = an_image("1.2.8.1.1", 3 * 1024 * 1024, "1.2.8", {"CT", "St Elsewhere", "Radiology"});
    const auto sealed = hospital.store(object);
    CHECK((retrieve(hospital, object, sealed) == object.data_set));
}

TEST_CASE("the archive hears of an image as soon as it has said what it is, and not before") {
    Hospital hospital([](Settings& settings) { decide_by_object(settings, Decision::refuse); });
    const auto object = an_image("1.2.8.1.1", 64 * 1024, "1.2.8", {"CT", "St Elsewhere", "Radiology"});
    auto [scanner, archive] = hospital.associate(scanner_proposal());
    scanner.begin(1, store_rq(1, object));
    const ByteView bytes = object.data_set;
    for (std::size_t i = 0; i < 32; ++i) scanner.more(bytes.subspan(2 * i, 2));  // the classes, not all
    CHECK_FALSE(archive.hears_more_within(std::chrono::milliseconds(200)));
    scanner.end(bytes.subspan(64));
    const auto arrived = archive.hear();
    archive.say(1, response_to(arrived.command, 0));
    CHECK(scanner.hear().command.status() == 0);
    release(scanner, archive);
}

TEST_CASE("a header is held up to its bound, and what it has not said then is not there") {
    const bool longer = GENERATE(false, true);
    Hospital hospital([](Settings& settings) { decide_by_object(settings, Decision::refuse); });
    const auto object = with_a_long_header(longer ? service::HeldHeader::longest + 32 * 1024 : 32 * 1024);
    auto [scanner, archive] = hospital.associate(scanner_proposal());
    if (longer) {
        CHECK((stored(scanner, archive, object) != object.data_set));
    } else {
        scanner.say(1, store_rq(1, object), object.data_set);
        CHECK(scanner.hear().command.status() == status::not_authorized);
        CHECK_FALSE(archive.hears_more_within(std::chrono::milliseconds(100)));
    }
    release(scanner, archive);
}

TEST_CASE("what is malformed while nothing is decided is refused for that") {
    Hospital hospital([](Settings& settings) { decide_by_object(settings, Decision::seal); });
    auto object = an_image("1.2.8.1.1", 1024, "1.2.8", {"CT", "", ""});
    auto [scanner, archive] = hospital.associate(scanner_proposal());
    SECTION("it ends in its first elements") {
        object.data_set.resize(20);
        scanner.say(1, store_rq(1, object), object.data_set);
        CHECK(scanner.hear().command.status() == status::cannot_understand);
    }
    SECTION("its tags descend") {
        image::test::DataSet data(true);
        data.element(0x00080060, "CS", "CT").element(0x00080050, "SH", "1 ");
        scanner.say(1, store_rq(1, object), data.bytes);
        CHECK(scanner.hear().command.status() == status::cannot_understand);
    }
    SECTION("it is another instance") {
        auto other = object;
        other.instance = "1.2.8.1.2";
        scanner.say(1, store_rq(1, other), object.data_set);
        CHECK(scanner.hear().command.status() == status::data_set_mismatch);
    }
    CHECK_FALSE(archive.hears_more_within(std::chrono::milliseconds(100)));
    release(scanner, archive);
}

TEST_CASE("a data set that ends before it has said anything is decided by that") {
    Hospital hospital([](Settings& settings) { decide_by_object(settings, Decision::refuse); });
    image::test::DataSet data(true);
    data.uid(0x00080016, uid::ct).uid(0x00080018, "1.2.8.1.1");
    const Object object{"1.2.8.1.1", "1.2.8", data.bytes};
    auto [scanner, archive] = hospital.associate(scanner_proposal());
    CHECK((stored(scanner, archive, object) == object.data_set));  // nothing to seal
    release(scanner, archive);
    CHECK(rule_of_store(hospital, object) == "rule 1: seal");
}

TEST_CASE("while it observes, what an image is decides what would be done") {
    Hospital hospital([](Settings& settings) {
        decide_by_object(settings, Decision::refuse);
        settings.mode = Mode::observe;
    });
    const auto mr = an_image("1.2.8.1.1", 64 * 1024, "1.2.8", {"MR", "", ""});
    const auto ct = an_image("1.2.8.1.2", 64 * 1024, "1.2.8", {"CT", "", ""});
    const auto phantom = an_image("1.2.8.1.3", 64 * 1024, "1.2.8", {"CT", "Phantom Lab", ""});
    for (const auto& object : {mr, ct, phantom}) CHECK((hospital.store(object) == object.data_set));
    const auto would = [&](const Object& object) {
        const auto told = hospital.audit({{"event", "observe"}, {"sop_instance", object.instance}});
        REQUIRE(told.size() == 1);
        return told[0]["would"].get<std::string>() + " by " + told[0]["rule"].get<std::string>();
    };
    CHECK(would(mr) == "refuse by mr");
    CHECK(would(ct) == "seal by rule 1");
    CHECK(would(phantom) == "pass by phantoms");
}
