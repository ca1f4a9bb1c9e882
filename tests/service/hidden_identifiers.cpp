// audit.identifiers: hashed. Whatever happens to them, no patient and no object is named in the audit log.

#include <catch2/catch.hpp>
#include <fstream>
#include <sstream>

#include "gateway/audit/identifiers.hpp"
#include "gateway/dimse/status.hpp"
#include "tests/service/deeds.hpp"

using namespace portcullis;
using namespace portcullis::service::test;
using dimse::CommandField;
using dimse::Element;
using dimse::response_to;

namespace {

/// Under it stand all studies, series, instances and transactions of this test.
const std::string root = "1.3.6.1.4.1.5962.99";
const std::string study = root + ".8";

void hide(Settings& settings) {
    settings.hashed_identifiers = true;
}

Object image(const std::string& number) {
    return an_image(study + ".1." + number, 256 * 1024, study);
}

void store_answered(Hospital& hospital, const Object& object, std::uint16_t status) {
    auto [scanner, pacs] = hospital.associate(scanner_proposal());
    scanner.say(1, store_rq(1, object), object.data_set);
    pacs.say(1, response_to(pacs.hear().command, status));
    CHECK(scanner.hear().command.status() == status);
    release(scanner, pacs);
}

/// Refused before the archive hears of it: the data set names another instance, or is no data set.
void store_what_is_refused(Hospital& hospital, const Object& object) {
    auto [scanner, pacs] = hospital.associate(scanner_proposal());
    scanner.say(1, store_rq(1, image("98")), object.data_set);
    CHECK(scanner.hear().command.status() == dimse::status::data_set_mismatch);
    scanner.say(1, store_rq(2, object), Bytes(object.data_set.begin(), object.data_set.end() - 2));
    CHECK(scanner.hear().command.status() == dimse::status::cannot_understand);
    CHECK(pacs.hear_end() == End::aborted);  // of what broke off
    scanner.ask_release();
    CHECK(scanner.hear_end() == End::released);
}

/// The archive sends it changed and under another name; the rest of the study it does not send at all.
void move_what_does_not_come_back(Hospital& hospital, const Object& object, Bytes sealed) {
    auto [viewer, pacs, asked] = hospital.move(asks_for_study(study));
    auto delivery = hospital.deliver();
    sealed[sealed.size() / 2] ^= 1;
    delivery.say(1, store_rq(1, object, "WS1", asked.message_id()), sealed);
    CHECK(delivery.hear().command.status() == dimse::status::suboperations_with_failures);
    delivery.say(1, store_rq(2, image("97"), "WS1", asked.message_id()), sealed);
    CHECK(delivery.hear().command.status() == dimse::status::suboperations_with_failures);
    delivery.say(1, store_rq(3, image("96")), image("96").data_set);
    CHECK(delivery.hear().command.status() != 0);
    delivery.ask_release();
    pacs.say(1, retrieve_rsp(asked, 0, {0, 2, 0, 0}));
    CHECK(viewer.hear().command.status() != 0);
    release(viewer, pacs);
}

void find_and_move_nowhere(Hospital& hospital) {
    auto [viewer, pacs] = hospital.associate(viewer_proposal());
    viewer.say(3, request(CommandField::c_find_rq, 1, uid::study_find), asks_for_study(study));
    pacs.say(3, response_to(pacs.hear().command, 0));
    CHECK(viewer.hear().command.status() == 0);
    viewer.say(1, move_rq(2, "NOBODY"), asks_for_study(study));
    CHECK(viewer.hear().command.status() == dimse::status::move_destination_unknown);
    release(viewer, pacs);
}

void commit(Hospital& hospital, const std::string& transaction, const std::string& instance) {
    auto [scanner, pacs] =
        hospital.associate(proposal("WS1", "PACS", {context(1, uid::ct), context(3, uid::commitment)}));
    scanner.say(3, action_rq(4), asks_to_commit(transaction, {instance}));
    pacs.say(3, response_to(pacs.hear().command, 0));
    CHECK(scanner.hear().command.status() == 0);
    pacs.say(3, report_rq(9), result_of(transaction + ".1", {instance}, {}, uid::explicit_le));
    CHECK(pacs.hear().command.status() == dimse::status::invalid_argument_value);
    release(scanner, pacs);
}

std::string log_of(Hospital& hospital) {
    hospital.audit({});  // all is written
    std::ostringstream text;
    for (const auto& file : std::filesystem::directory_iterator(hospital.folder.path() / "audit"))
        text << std::ifstream(file.path()).rdbuf();
    return text.str();
}

std::size_t events(Hospital& hospital, const std::string& event) {
    return hospital.audit({{"event", event}}).size();
}

}  // namespace

TEST_CASE("whatever happens, the audit names no patient and no object where it is to hide them") {
    Hospital hospital(hide);
    const auto object = image("1");
    const auto sealed = hospital.store(object);
    hospital.store(image("2"));
    store_answered(hospital, image("3"), 0xA700);
    store_what_is_refused(hospital, image("4"));
    CHECK((retrieve(hospital, object, sealed) == object.data_set));
    move_what_does_not_come_back(hospital, object, sealed);
    find_and_move_nowhere(hospital);
    commit(hospital, root + ".77", object.instance);

    const auto log = log_of(hospital);
    for (const auto* event : {"store", "retrieve", "alert", "refusal", "commitment"})
        CHECK(events(hospital, event) > 0);
    CHECK(log.find(root) == std::string::npos);
    CHECK(log.find("PAT 1") == std::string::npos);

    const auto known = audit::Identifiers::known_to(hospital.folder.path() / "keys").value();
    CHECK(hospital.audit({{"event", "store"}, {"phase", "outcome"}, {"patient_id", known.patient("PAT 1")}})
              .size() == 3);
    CHECK(hospital.audit({{"event", "alert"}, {"sop_instance", known.uid(object.instance)}}).size() == 1);
    CHECK(hospital.audit({{"event", "commitment"}, {"transaction", known.uid(root + ".77")}}).size() == 2);
    const auto ends =
        hospital.audit({{"event", "retrieve"}, {"missing_instances", known.uid(study + ".1.2")}});
    CHECK(ends.size() == 2);
}

TEST_CASE("what was observed, and what a crash left open, names nobody either") {
    Hospital hospital(hide);
    auto interrupted = std::make_unique<Associated>(hospital.associate(scanner_proposal()));
    const auto object = image("1");
    interrupted->scanner.say(1, store_rq(1, object), object.data_set);
    interrupted->archive.hear();  // and does not answer
    hospital.restart([](Settings& settings) { settings.mode = Mode::observe; });
    interrupted.reset();
    hospital.archive.reject({1, 1, 1});  // what became of it is asked in vain
    hospital.store(image("2"));
    const auto log = log_of(hospital);
    CHECK(events(hospital, "observe") > 0);
    CHECK(hospital.audit({{"event", "store"}, {"status", "unknown"}}).size() == 1);
    CHECK(log.find(root) == std::string::npos);
    CHECK(log.find("PAT 1") == std::string::npos);
}

TEST_CASE("what is hashed is so from the start that was told to, and the key stays the same") {
    Hospital hospital;
    hospital.store(image("1"));
    hospital.restart(hide);
    hospital.store(image("1"));
    hospital.restart();
    hospital.store(image("1"));
    const auto known = audit::Identifiers::known_to(hospital.folder.path() / "keys").value();
    CHECK(hospital.audit({{"phase", "outcome"}, {"patient_id", "PAT 1"}}).size() == 1);
    CHECK(hospital.audit({{"phase", "outcome"}, {"patient_id", known.patient("PAT 1")}}).size() == 2);
}
