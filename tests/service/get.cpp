// C-GET: images come back on the viewer's own association, opened between the legs.

#include <catch2/catch.hpp>

#include "gateway/dimse/status.hpp"
#include "tests/service/disk_gate.hpp"
#include "tests/service/hospital.hpp"

using namespace portcullis;
using namespace portcullis::service::test;
using dimse::CommandField;
using dimse::response_to;
using namespace std::chrono_literals;

namespace {

/// A viewer that asks for images in context 1 and takes them in context 3.
ul::AssociateRq getting_proposal() {
    auto asked = proposal("WS1", "PACS", {context(1, uid::study_get), context(3, uid::ct)});
    asked.user.roles = {{*Uid::parse(uid::ct), false, true}};
    return asked;
}

ul::AssociateAc accept_with_roles(const ul::AssociateRq& request) {
    auto answer = accept_everything(request);
    answer.user.roles = request.user.roles;
    return answer;
}

/// A C-GET of the study 1.2.8, in message 50, that has reached the archive.
struct Getting {
    explicit Getting(Hospital& hospital)
        : peers(hospital.associate(getting_proposal(), accept_with_roles)),
          viewer(peers.scanner),
          archive(peers.archive) {
        viewer.say(1, request(CommandField::c_get_rq, 50, uid::study_get), asks_for_study("1.2.8"));
        asked = archive.hear().command;
    }
    Associated peers;
    Peer& viewer;
    Peer& archive;
    dimse::Command asked;
};

}  // namespace

TEST_CASE("what a viewer gets is opened, and its answers reach the archive") {
    Hospital hospital;
    const auto object = an_image("1.2.8.1.1", 3 * 1024 * 1024);
    const auto sealed = hospital.store(object);
    Getting getting(hospital);
    CHECK(getting.viewer.answer().user.roles == getting_proposal().user.roles);
    getting.archive.say(3, store_rq(9, object), sealed);
    const auto received = getting.viewer.hear();
    CHECK(received.context == 3);
    CHECK(received.command.message_id() == MessageId{9});
    CHECK((received.data_set == object.data_set));
    getting.viewer.say(3, response_to(received.command, 0xB007));
    const auto answer = getting.archive.hear().command;
    CHECK(answer.status() == 0xB007);
    CHECK(answer.responded_to() == MessageId{9});

    getting.archive.say(1, retrieve_rsp(getting.asked, 0, {0, 1, 0, 0}));
    const auto last = getting.viewer.hear();
    CHECK(last.command.responded_to() == MessageId{50});
    CHECK(last.command.status() == 0);
    release(getting.viewer, getting.archive);
    const auto outcomes = hospital.audit({{"event", "retrieve"}, {"phase", "outcome"}});
    REQUIRE(outcomes.size() == 1);
    CHECK(outcomes[0]["status"] == "B007");
    CHECK(outcomes[0]["calling_ae"] == "WS1");
}

TEST_CASE("a tampered image of a study is withheld, the others arrive, and the counts are true") {
    const auto on_refused = GENERATE(OnRefused::resume, OnRefused::stop);
    const bool resume = on_refused == OnRefused::resume;
    Hospital hospital([=](Settings& settings) { settings.archives[0].on_refused = on_refused; });
    const auto sound = an_image("1.2.8.1.1");
    const auto other = an_image("1.2.8.1.2");
    const auto sealed = hospital.store(sound);
    auto tampered = hospital.store(other);
    tampered[tampered.size() / 2] ^= 0x80;

    Getting getting(hospital);
    getting.archive.say(3, store_rq(1, other), tampered);
    CHECK(getting.archive.hear().command.status() == (resume ? 0xB000 : dimse::status::processing_failure));
    getting.archive.say(3, store_rq(2, sound), sealed);
    const auto received = getting.viewer.hear();
    CHECK(received.command.sop_instance()->str() == sound.instance);
    CHECK((received.data_set == sound.data_set));
    getting.viewer.say(3, response_to(received.command, 0));
    CHECK(getting.archive.hear().command.status() == 0);

    getting.archive.say(
        1, retrieve_rsp(getting.asked, 0xB000, resume ? Counts{0, 1, 0, 1} : Counts{0, 1, 1, 0}));
    const auto last = getting.viewer.hear();
    CHECK(last.command.status() == 0xB000);
    CHECK(counts(last.command) == Counts{0, 1, 1, 0});
    CHECK(failed_instances(last.data_set) == std::vector{other.instance});
    release(getting.viewer, getting.archive);
    const auto alerts = hospital.audit({{"event", "alert"}});
    REQUIRE(alerts.size() == 1);
    CHECK(alerts[0]["sop_instance"] == other.instance);
}

TEST_CASE("an archive that calls a refused image a success does not make the viewer believe it") {
    Hospital hospital;
    const auto object = an_image("1.2.8.1.1");
    auto tampered = hospital.store(object);
    tampered[tampered.size() / 2] ^= 1;
    Getting getting(hospital);
    getting.archive.say(3, store_rq(1, object), tampered);
    CHECK(getting.archive.hear().command.status() == 0xB000);
    getting.archive.say(1, retrieve_rsp(getting.asked, 0, {0, 0, 0, 1}));
    const auto last = getting.viewer.hear();
    CHECK(last.command.status() == 0xB000);
    CHECK(counts(last.command) == Counts{0, 0, 1, 0});
}

TEST_CASE("an archive that counts a refused image as completed does not make the viewer count it so") {
    Hospital hospital;
    const auto object = an_image("1.2.8.1.1");
    const auto tampered = an_image("1.2.8.1.2");
    const auto sealed = hospital.store(object);
    auto changed = hospital.store(tampered);
    changed[changed.size() / 2] ^= 1;
    Getting getting(hospital);
    getting.archive.say(3, store_rq(1, object), sealed);
    getting.viewer.say(3, response_to(getting.viewer.hear().command, 0));
    CHECK(getting.archive.hear().command.status() == 0);
    getting.archive.say(3, store_rq(2, tampered), changed);
    CHECK(getting.archive.hear().command.status() == 0xB000);
    getting.archive.say(1, retrieve_rsp(getting.asked, 0, {0, 2, 0, 0}));
    const auto last = getting.viewer.hear();
    CHECK(last.command.status() == 0xB000);
    CHECK(counts(last.command) == Counts{0, 1, 1, 0});
    CHECK(failed_instances(last.data_set) == std::vector{tampered.instance});
}

TEST_CASE("an image outside of what was asked for is withheld") {
    Hospital hospital;
    const auto object = an_image("1.2.9.1.1", 1024, "1.2.9");
    const auto sealed = hospital.store(object);
    Getting getting(hospital);
    getting.archive.say(3, store_rq(1, object), sealed);
    CHECK(getting.archive.hear().command.status() == dimse::status::not_authorized);
    getting.archive.say(1, retrieve_rsp(getting.asked, 0xB000, {0, 0, 1, 0}));
    CHECK(getting.viewer.hear().command.field() == CommandField::c_get_rsp);  // and no image before it
    CHECK(hospital.audit({{"event", "alert"}, {"reason", "not asked for"}}).size() == 1);
}

TEST_CASE("an image that comes although nothing was asked for is withheld") {
    Hospital hospital;
    const auto object = an_image("1.2.8.1.1", 1024);
    const auto sealed = hospital.store(object);
    auto [viewer, pacs] = hospital.associate(getting_proposal(), accept_with_roles);
    pacs.say(3, store_rq(1, object), sealed);
    CHECK(pacs.hear().command.status() == dimse::status::not_authorized);
    release(viewer, pacs);
    CHECK(hospital.audit({{"event", "alert"}, {"reason", "no retrieval in flight"}}).size() == 1);
}

TEST_CASE("an image that is got arrives whole only when the audit of it is on the disk") {
    Hospital hospital;
    const auto object = an_image("1.2.8.1.1");
    const auto sealed = hospital.store(object);
    Getting getting(hospital);
    auto held = std::make_unique<HeldDisk>();
    getting.archive.say(3, store_rq(9, object), sealed);
    CHECK_FALSE(getting.viewer.hears_last_within(200ms));
    held.reset();
    CHECK((getting.viewer.hear().data_set == object.data_set));
}

TEST_CASE("an image whose audit cannot be written to the disk ends a C-GET, and does not arrive") {
    Hospital hospital;
    const auto object = an_image("1.2.8.1.1");
    const auto sealed = hospital.store(object);
    Getting getting(hospital);
    const BrokenDisk broken;
    getting.archive.say(3, store_rq(9, object), sealed);
    getting.viewer.hear_command();
    CHECK_FALSE(getting.viewer.hear_rest().complete);
    CHECK(getting.viewer.hear_end() == End::aborted);
    CHECK(getting.archive.hear_end() == End::aborted);
    CHECK(hospital.metric("portcullis_refused_objects_total{archive=\"main\",reason=\"journal\"}") == "1");
}
