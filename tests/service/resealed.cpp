// Objects that were sealed before they are stored: of ours every byte passes, of strangers' every byte is
// sealed.

#include <algorithm>
#include <catch2/catch.hpp>
#include <filesystem>

#include "gateway/image/deflate.hpp"
#include "gateway/keys/keyring.hpp"
#include "gateway/registry/database.hpp"
#include "tests/image/build.hpp"
#include "tests/service/deeds.hpp"

using namespace portcullis;
using namespace portcullis::service::test;
using namespace std::chrono_literals;
using dimse::response_to;

namespace {

constexpr std::size_t in_one_unit = 256 * 1024;       // bytes
constexpr std::size_t on_the_disk = 3 * 1024 * 1024;  // bytes, more than are held in memory

Object as_sent(const Object& object, const Bytes& data_set) {
    return {object.instance, object.study, data_set};
}

std::filesystem::path keyring(const Hospital& hospital) {
    return hospital.folder.path() / "keys";
}

/// The scanner gets this status, and the archive nothing.
void check_refused(Hospital& hospital, const Object& object, std::uint16_t status) {
    auto [scanner, pacs] = hospital.associate(scanner_proposal());
    scanner.say(1, store_rq(1, object), object.data_set);
    CHECK(scanner.hear().command.status() == status);
    release(scanner, pacs);
}

Records intents(Hospital& hospital) {
    return hospital.audit({{"event", "store"}, {"phase", "intent"}});
}

Bytes with_one_bit_changed(Bytes sealed, std::size_t at) {
    sealed[at] ^= 1;
    return sealed;
}

void lose_registry(const Hospital& hospital) {
    soci::session database;
    registry::connect(database, hospital.folder.path() / "registry.db");
    database << "drop table object";
}

/// An original that says it is sealed, and holds what is no envelope in a block of ours.
Object a_forgery() {
    auto object = an_image("1.2.8.1.1");
    const auto samples = image::test::DataSet(true).us(0x00280002, 1).bytes;
    const auto comments =
        image::test::DataSet(true)
            .element(0x00204000, "LT",
                     "Pixels sealed by Portcullis gateway gate-1: retrieve this. Envelope 0 ")
            .bytes;
    auto& all = object.data_set;
    all.insert(std::search(all.begin(), all.end(), samples.begin(), samples.end()), comments.begin(),
               comments.end());
    append(all, image::test::DataSet(true)
                    .element(0x7FE100FE, "LO", "PORTCULLIS")
                    .element(0x7FE1FE01, "OB", Bytes(1000, 0x55))
                    .bytes);
    return object;
}

}  // namespace

TEST_CASE("a sealed image that is stored again passes byte for byte, and opens") {
    const auto size = GENERATE(in_one_unit, on_the_disk);
    const bool marked = GENERATE(true, false);
    Hospital hospital([=](Settings& settings) { settings.mark = marked; });
    const auto object = an_image("1.2.8.1.1", size);
    const auto sealed = hospital.store(object);
    CHECK((hospital.store(as_sent(object, sealed)) == sealed));
    CHECK((retrieve(hospital, object, sealed) == object.data_set));
    const auto said = intents(hospital);
    REQUIRE(said.size() == 2);
    CHECK(said[1]["decision"] == "sealed already");
    CHECK(said[1]["registered"] == true);
    CHECK(said[1]["envelope"] == said[0]["envelope"]);
    CHECK(said[1]["units"] == said[0]["units"]);
    CHECK_FALSE(said[1].contains("superseded"));
    CHECK(hospital.audit({{"event", "warning"}}).empty());
}

TEST_CASE("an image that another gateway sealed passes byte for byte, is registered, and opens") {
    const auto size = GENERATE(in_one_unit, on_the_disk);
    Hospital hospital;  // which lets nobody have what is not registered
    const auto object = an_image("1.2.8.1.1", size);
    const auto sealed = sealed_offline(keyring(hospital), object);
    CHECK((hospital.store(as_sent(object, sealed)) == sealed));
    CHECK((retrieve(hospital, object, sealed) == object.data_set));
    const auto said = intents(hospital);
    REQUIRE(said.size() == 1);
    CHECK(said[0]["decision"] == "sealed already");
    CHECK(said[0]["registered"] == false);
    CHECK(said[0]["study"] == object.study);
    CHECK(said[0]["units"] == size / in_one_unit);
}

TEST_CASE("a deflated image that was sealed passes byte for byte, and opens") {
    Hospital hospital;
    auto object = an_image("1.2.8.1.1");
    const auto original = object.data_set;
    object.data_set = image::deflated(object.data_set);
    const auto sealed = sealed_offline(keyring(hospital), object, true, uid::deflated);
    check_passes(hospital, proposal("CT1", "PACS", {context(1, uid::ct, {uid::deflated})}), object, sealed);
    const auto opened = image::inflated(retrieve(hospital, object, sealed, uid::deflated), 1 << 28);
    REQUIRE(opened.has_value());
    CHECK((*opened == original));
}

TEST_CASE("an image that a stranger sealed is sealed like any other, and comes back as it came") {
    const bool marked = GENERATE(true, false);
    Hospital hospital;
    const TemporaryFolder elsewhere;
    keys::Keyring::init(elsewhere.path() / "keys");
    auto object = an_image("1.2.8.1.1");
    object.data_set = sealed_offline(elsewhere.path() / "keys", object, marked);
    const auto stored = hospital.store(object);
    CHECK((stored != object.data_set));
    CHECK((retrieve(hospital, object, stored) == object.data_set));
    const auto said = intents(hospital);
    REQUIRE(said.size() == 1);
    CHECK(said[0]["decision"] == "seal");
    const auto warnings = hospital.audit({{"event", "warning"}});
    REQUIRE(warnings.size() == 1);
    CHECK(warnings[0]["reason"] == "foreign block sealed in");
    CHECK(warnings[0]["sop_instance"] == object.instance);
    CHECK(warnings[0]["envelope"] == said[0]["envelope"]);
}

TEST_CASE("a forged block and a forged mark are sealed in, and come back as they came") {
    Hospital hospital;
    const auto object = a_forgery();
    const auto stored = hospital.store(object);
    const Bytes forged(64, 0x55);
    CHECK(std::search(stored.begin(), stored.end(), forged.begin(), forged.end()) == stored.end());
    CHECK((retrieve(hospital, object, stored) == object.data_set));
    CHECK(hospital.audit({{"event", "warning"}, {"reason", "foreign block sealed in"}}).size() == 1);
}

TEST_CASE("the envelope of one image in another is a forgery") {
    Hospital hospital;
    const auto one = an_image("1.2.8.1.1");
    auto other = an_image("1.2.8.1.2");
    const auto sealed = hospital.store(one);
    other.data_set = sealed;
    const auto at = std::search(sealed.begin(), sealed.end(), one.instance.begin(), one.instance.end());
    std::copy(other.instance.begin(), other.instance.end(), other.data_set.begin() + (at - sealed.begin()));
    const auto stored = hospital.store(other);
    CHECK((stored != other.data_set));
    CHECK((retrieve(hospital, other, stored) == other.data_set));
}

TEST_CASE("an original that is sent again is sealed anew, and both copies open") {
    const auto size = GENERATE(in_one_unit, on_the_disk);
    Hospital hospital;
    const auto object = an_image("1.2.8.1.1", size);
    const auto first = hospital.store(object);
    const auto second = hospital.store(object);
    CHECK((first != second));
    CHECK((retrieve(hospital, object, second) == object.data_set));
    CHECK((retrieve(hospital, object, first) == object.data_set));
    const auto said = intents(hospital);
    REQUIRE(said.size() == 2);
    for (const auto& one : said) CHECK(one["decision"] == "seal");
}

TEST_CASE("an older sealed copy that is stored again is the current one from then on") {
    Hospital hospital;
    const auto object = an_image("1.2.8.1.1");
    const auto first = hospital.store(object);
    hospital.store(object);
    CHECK((hospital.store(as_sent(object, first)) == first));
    CHECK((retrieve(hospital, object, first) == object.data_set));
    const auto said = intents(hospital);
    REQUIRE(said.size() == 3);
    CHECK(said[2]["superseded"] == true);
    const auto opened = hospital.audit({{"event", "retrieve"}, {"phase", "outcome"}});
    REQUIRE(opened.size() == 1);
    CHECK_FALSE(opened[0].contains("superseded"));
}

TEST_CASE("a sealed image that was damaged is refused, with an alert, and the archive gets nothing") {
    Hospital hospital;
    const auto object = an_image("1.2.8.1.1", on_the_disk);
    const auto sealed = hospital.store(object);
    check_refused(hospital, as_sent(object, with_one_bit_changed(sealed, sealed.size() / 2)), 0xC000);
    CHECK((retrieve(hospital, object, sealed) == object.data_set));
    const auto alerts = hospital.audit({{"event", "alert"}});
    REQUIRE(alerts.size() == 1);
    CHECK(alerts[0]["status"] == "C000");
    CHECK(alerts[0]["sop_instance"] == object.instance);
    CHECK(alerts[0]["reason"].get<std::string>().starts_with("sealed already, but damaged"));
}

TEST_CASE("a sealed image of which somebody edited the bound attributes is refused with an alert") {
    Hospital hospital;
    const auto object = an_image("1.2.8.1.1");
    auto sealed = hospital.store(object);
    const auto columns = image::test::DataSet(true).us(0x00280011, 512).bytes;
    const auto at = std::search(sealed.begin(), sealed.end(), columns.begin(), columns.end());
    *(at + 9) ^= 3;  // 512 becomes 256
    check_refused(hospital, as_sent(object, sealed), 0xC000);
    CHECK(hospital.audit({{"event", "alert"}}).size() == 1);
}

TEST_CASE("that the archive does not want a sealed image again does not make the first copy unwanted") {
    Hospital hospital;
    const auto object = an_image("1.2.8.1.1");
    const auto sealed = hospital.store(object);
    {
        auto [scanner, pacs] = hospital.associate(scanner_proposal());
        scanner.say(1, store_rq(1, object), sealed);
        pacs.say(1, response_to(pacs.hear().command, 0xA700));
        CHECK(scanner.hear().command.status() == 0xA700);
        release(scanner, pacs);
    }
    const auto newer = hospital.store(object);
    CHECK((retrieve(hospital, object, newer) == object.data_set));
    CHECK((retrieve(hospital, object, sealed) == object.data_set));
}

TEST_CASE("of what may be sealed already the archive hears only when all of it is there") {
    Hospital hospital;
    const auto object = an_image("1.2.8.1.1", on_the_disk);
    const auto sealed = sealed_offline(keyring(hospital), object);
    const ByteView all = sealed;
    auto [scanner, pacs] = hospital.associate(scanner_proposal());
    scanner.begin(1, store_rq(1, object));
    scanner.more(all.first(2 * 1024 * 1024));
    scanner.await_taken();
    CHECK_FALSE(pacs.hears_more_within(100ms));
    scanner.end(all.subspan(2 * 1024 * 1024));
    const auto stored = pacs.hear();
    CHECK((stored.data_set == sealed));
}

TEST_CASE("an image without a mark goes on as it comes") {
    Hospital hospital;
    const auto object = an_image("1.2.8.1.1", on_the_disk);
    const ByteView all = object.data_set;
    auto [scanner, pacs] = hospital.associate(scanner_proposal());
    scanner.begin(1, store_rq(1, object));
    scanner.more(all.first(2 * 1024 * 1024));
    CHECK(pacs.hear_command().sop_instance()->str() == object.instance);
    scanner.abort();
    const auto rest = pacs.hear_rest();
    CHECK_FALSE(rest.complete);
    CHECK(rest.data_set.size() > 1024 * 1024);
}

TEST_CASE("what cannot be judged for want of room is refused, and may be sent again") {
    Hospital hospital;
    const auto object = an_image("1.2.8.1.1", on_the_disk);
    const auto sealed = hospital.store(object);
    const auto journal = hospital.folder.path() / "journal";
    std::filesystem::rename(journal, hospital.folder.path() / "elsewhere");
    check_refused(hospital, as_sent(object, sealed), 0xA700);
    std::filesystem::rename(hospital.folder.path() / "elsewhere", journal);
    CHECK((hospital.store(as_sent(object, sealed)) == sealed));
    CHECK(hospital.audit({{"event", "refusal"}, {"status", "A700"}}).size() == 1);
}

TEST_CASE("what the registry cannot be asked about is refused") {
    Hospital hospital;
    const auto object = an_image("1.2.8.1.1");
    lose_registry(hospital);
    check_refused(hospital, object, 0xA700);
}

TEST_CASE("an association that needs the registry is rejected while it cannot be asked") {
    Hospital hospital;
    lose_registry(hospital);
    auto get = proposal("WS1", "PACS", {context(1, uid::study_get), context(3, uid::ct)});
    get.user.roles = {{*Uid::parse(uid::ct), false, true}};
    const auto rejection = hospital.call(get).rejected();
    CHECK(rejection == ul::AssociateRj{2, 3, 2});
    CHECK(hospital.audit({{"event", "failure"}}).size() == 1);
}

TEST_CASE("the same image on two associations at once: both envelopes are registered, and open") {
    Hospital hospital;
    const auto object = an_image("1.2.8.1.1", on_the_disk);
    const ByteView all = object.data_set;
    auto [one, one_archive] = hospital.associate(scanner_proposal());
    auto [other, other_archive] = hospital.associate(scanner_proposal());
    for (auto* scanner : {&one, &other}) {
        scanner->begin(1, store_rq(1, object));
        scanner->more(all.first(1024 * 1024));
    }
    other.end(all.subspan(1024 * 1024));
    const auto first = other_archive.hear();  // the one that began last is complete first
    one.end(all.subspan(1024 * 1024));
    const auto last = one_archive.hear();
    one_archive.say(1, response_to(last.command, 0));
    other_archive.say(1, response_to(first.command, 0));
    CHECK(one.hear().command.status() == 0);
    CHECK(other.hear().command.status() == 0);
    release(one, one_archive);
    release(other, other_archive);
    CHECK((retrieve(hospital, object, last.data_set) == object.data_set));
    CHECK((retrieve(hospital, object, first.data_set) == object.data_set));
    const auto opened = hospital.audit({{"event", "retrieve"}, {"phase", "outcome"}});
    REQUIRE(opened.size() == 2);
    CHECK_FALSE(opened[0].contains("superseded"));
    CHECK(opened[1]["superseded"] == true);
}
