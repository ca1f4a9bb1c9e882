// C-MOVE: what goes wrong between the gateway and the destination, and who is told what.

#include <catch2/catch.hpp>

#include "gateway/dimse/status.hpp"
#include "tests/service/hospital.hpp"

using namespace portcullis;
using namespace portcullis::service::test;
using dimse::response_to;

namespace {

constexpr std::size_t small = 64 * 1024;        // bytes
constexpr std::size_t large = 6 * 1024 * 1024;  // bytes: sent on while it comes

/// One image that the archive is about to deliver.
struct Underway {
    explicit Underway(std::size_t size = small, OnRefused on_refused = OnRefused::resume,
                      std::chrono::milliseconds response = patience)
        : hospital([=](Settings& settings) {
              settings.archives[0].on_refused = on_refused;
              settings.limits.response = response;
          }),
          object(an_image("1.2.8.1.1", size)),
          sealed(hospital.store(object)),
          moving(hospital.move(asks_for_study(object.study))),
          delivery(hospital.deliver()) {}

    void deliver() { delivery.say(1, store_rq(1, object, "WS1", moving.asked.message_id()), sealed); }

    /// The archive ends the move as it was told, and the viewer hears that the image failed.
    void check_viewer_is_told() {
        const auto told = delivery.hear().command.status();
        const bool warned = told == dimse::status::suboperations_with_failures;
        CHECK((warned || told == dimse::status::out_of_resources));
        moving.archive.say(1, warned ? retrieve_rsp(moving.asked, 0xB000, {0, 0, 0, 1})
                                     : retrieve_rsp(moving.asked, 0xB000, {0, 0, 1, 0}));
        const auto last = moving.viewer.hear();
        CHECK(last.command.status() == 0xB000);
        CHECK(counts(last.command) == Counts{0, 0, 1, 0});
        CHECK(failed_instances(last.data_set) == std::vector{object.instance});
    }
    void check_audit() {
        CHECK(hospital.audit({{"event", "refusal"}, {"reason", "destination"}}).size() == 1);
    }

    Hospital hospital;
    Object object;
    Bytes sealed;
    Moving moving;
    Peer delivery;
};

}  // namespace

TEST_CASE("a destination that is down is a failure, told so that the archive goes on") {
    Underway underway;
    underway.hospital.workstation.go_down();
    underway.deliver();
    underway.check_viewer_is_told();
    underway.check_audit();
}

TEST_CASE("a destination that is down is a failure for an archive that is to stop, too") {
    Underway underway(small, OnRefused::stop);
    underway.hospital.workstation.go_down();
    underway.deliver();
    underway.check_viewer_is_told();
    underway.check_audit();
}

TEST_CASE("a destination that rejects the association is a failure") {
    Underway underway;
    underway.deliver();
    underway.hospital.workstation.reject({1, 1, 3});
    underway.check_viewer_is_told();
    underway.check_audit();
}

TEST_CASE("a destination that does not take such images is a failure") {
    Underway underway;
    underway.deliver();
    auto destination = underway.hospital.workstation.accept([](const ul::AssociateRq& request) {
        auto answer = accept_everything(request);
        answer.contexts[0].result = ul::ContextResult::abstract_syntax_not_supported;
        return answer;
    });
    underway.check_viewer_is_told();
    release(underway.delivery, destination);
    underway.check_audit();
}

TEST_CASE("a destination that aborts half-way is a failure, and the archive is heard to the end") {
    Underway underway(large);
    underway.delivery.begin(1, store_rq(1, underway.object, "WS1", underway.moving.asked.message_id()));
    const ByteView sealed = underway.sealed;
    underway.delivery.more(sealed.first(large / 2));
    auto destination = underway.hospital.workstation.accept();
    destination.hear_command();
    destination.abort();
    underway.delivery.end(sealed.subspan(large / 2));
    underway.check_viewer_is_told();
    underway.check_audit();
}

TEST_CASE("a destination that aborts where it should answer is a failure") {
    Underway underway;
    underway.deliver();
    auto destination = underway.hospital.workstation.accept();
    destination.hear();
    destination.abort();
    underway.check_viewer_is_told();
    underway.check_audit();
}

TEST_CASE("a destination that says nothing where it should answer does not keep the archive") {
    Underway underway(small, OnRefused::resume, std::chrono::milliseconds(200));
    underway.deliver();
    auto destination = underway.hospital.workstation.accept();
    destination.hear();
    CHECK(underway.delivery.hear().command.status() == dimse::status::suboperations_with_failures);
    CHECK(destination.hear_end() == End::closed);
}

TEST_CASE("a destination that went between two images is called again") {
    Underway underway;
    const auto second = an_image("1.2.8.1.2");
    const auto sealed_second = underway.hospital.store(second);
    underway.deliver();
    auto destination = underway.hospital.workstation.accept();
    destination.say(1, response_to(destination.hear().command, 0));
    CHECK(underway.delivery.hear().command.status() == 0);
    destination.abort();
    underway.delivery.say(1, store_rq(2, second, "WS1", underway.moving.asked.message_id()), sealed_second);
    auto again = underway.hospital.workstation.accept();
    CHECK((again.hear().data_set == second.data_set));
}

TEST_CASE("a destination that could not be reached is not called again for the next image of the move") {
    Underway underway;
    const auto second = an_image("1.2.8.1.2");
    const auto sealed_second = underway.hospital.store(second);
    underway.deliver();
    underway.hospital.workstation.reject({2, 3, 2});
    CHECK(underway.delivery.hear().command.status() == 0xB000);
    underway.delivery.say(1, store_rq(2, second, "WS1", underway.moving.asked.message_id()), sealed_second);
    CHECK(underway.delivery.hear().command.status() == 0xB000);
    CHECK(underway.hospital.workstation.nobody_called());
    underway.moving.archive.say(1, retrieve_rsp(underway.moving.asked, 0xB000, {0, 0, 0, 2}));
    const auto last = underway.moving.viewer.hear();
    CHECK(counts(last.command) == Counts{0, 0, 2, 0});
    CHECK(failed_instances(last.data_set) == std::vector{underway.object.instance, second.instance});
}

TEST_CASE("what an archive does not finish never becomes an object at the destination") {
    const bool releases = GENERATE(false, true);
    CAPTURE(releases);
    Underway underway(large);
    underway.delivery.begin(1, store_rq(1, underway.object, "WS1", underway.moving.asked.message_id()));
    underway.delivery.more(underway.sealed);  // all of it, but for the end flag
    auto destination = underway.hospital.workstation.accept();
    destination.hear_command();
    if (releases) {
        underway.delivery.ask_release();
    } else {
        underway.delivery.abort();
    }
    CHECK_FALSE(destination.hear_rest().complete);
    CHECK(destination.hear_end() == End::aborted);
}

TEST_CASE("an archive may use one association for many moves") {
    Underway underway;
    underway.deliver();
    auto destination = underway.hospital.workstation.accept();
    destination.say(1, response_to(destination.hear().command, 0));
    CHECK(underway.delivery.hear().command.status() == 0);
    underway.moving.archive.say(1, retrieve_rsp(underway.moving.asked, 0, {0, 1, 0, 0}));
    CHECK(underway.moving.viewer.hear().command.status() == 0);

    const auto next = underway.hospital.move(asks_for_study(underway.object.study));
    underway.delivery.say(1, store_rq(2, underway.object, "WS1", next.asked.message_id()), underway.sealed);
    destination.grant_release();  // of the move that is over
    auto again = underway.hospital.workstation.accept();
    again.say(1, response_to(again.hear().command, 0));
    CHECK(underway.delivery.hear().command.status() == 0);
    release(underway.delivery, again);
}
