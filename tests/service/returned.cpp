// Attributes that an archive may change without touching the pixels: what policy says of each.

#include <algorithm>
#include <catch2/catch.hpp>

#include "tests/image/build.hpp"
#include "tests/service/deeds.hpp"

using namespace portcullis;
using namespace portcullis::service::test;
using dimse::response_to;

namespace {

/// A recorded attribute as it was sealed and as the archive returns it; of the same length.
struct Change {
    std::string tag;
    std::string sealed, returned;
};

/// In the order of the tags.
const std::vector<Change> all_changes = {{"(0008,0050)", "ACC 1 ", "ACC 2 "},
                                         {"(0010,0020)", "PAT 1 ", "PAT 2 "},
                                         {"(0010,0021)", "ISSUER1 ", "ISSUER2 "},
                                         {"(0020,000E)", "1.2.8.70", "1.2.8.71"},
                                         {"(0020,0032)", "0\\0\\11 ", "0\\0\\12 "},
                                         {"(0020,0037)", "1\\0\\0\\0\\1\\0 ", "0\\1\\0\\0\\1\\0 "},
                                         {"(0020,0060)", "L ", "R "},
                                         {"(0028,0030)", "0.31\\0.31 ", "0.41\\0.41 "},
                                         {"(0028,1052)", "-1024 ", "-1025 "},
                                         {"(0028,1053)", "1.25", "1.35"}};

Object an_image_with_all_attributes(std::size_t size) {
    image::test::DataSet data(true);
    data.uid(0x00080016, uid::ct).uid(0x00080018, "1.2.8.1.1");
    const auto add = [&](const char* vr, std::uint32_t tag, std::size_t change) {
        data.element(tag, vr, all_changes[change].sealed);
    };
    add("SH", 0x00080050, 0);
    add("LO", 0x00100020, 1);
    add("LO", 0x00100021, 2);
    data.uid(0x0020000D, "1.2.8");
    add("UI", 0x0020000E, 3);
    add("DS", 0x00200032, 4);
    add("DS", 0x00200037, 5);
    add("CS", 0x00200060, 6);
    data.us(0x00280002, 1).element(0x00280004, "CS", "MONOCHROME2 ");
    data.us(0x00280010, static_cast<std::uint16_t>(size / 1024)).us(0x00280011, 512);
    add("DS", 0x00280030, 7);
    data.us(0x00280100, 16).us(0x00280101, 16).us(0x00280102, 15).us(0x00280103, 0);
    add("DS", 0x00281052, 8);
    add("DS", 0x00281053, 9);
    data.element(0x7FE00010, "OW", Bytes(size, 7));
    return {"1.2.8.1.1", "1.2.8", data.bytes};
}

/// Each value stands once in what is not sealed.
Bytes with(Bytes data_set, const std::vector<Change>& changes) {
    for (const auto& change : changes) {
        const auto at =
            std::search(data_set.begin(), data_set.end(), change.sealed.begin(), change.sealed.end());
        REQUIRE(at != data_set.end());
        std::copy(change.returned.begin(), change.returned.end(), at);
    }
    return data_set;
}

std::string tags_of(const std::vector<Change>& changes) {
    std::string tags;
    for (const auto& change : changes) tags += (tags.empty() ? "" : " ") + change.tag;
    return tags;
}

/// What the audit says of the attributes: in the record of this event, in its warning.
struct Said {
    Records of_event, warnings;
};

Said deliver_changed(Hospital& hospital, const std::vector<Change>& changes, const std::string& event,
                     bool opens) {
    const auto object = an_image_with_all_attributes(256 * 1024);
    const auto returned = with(hospital.store(object), changes);
    auto moving = hospital.move(asks_for_study(object.study));
    auto delivery = hospital.deliver();
    delivery.say(1, store_rq(1, object, "WS1", moving.asked.message_id()), returned);
    if (opens) {
        auto destination = hospital.workstation.accept();
        const auto received = destination.hear();
        CHECK((received.data_set == with(object.data_set, changes)));
        destination.say(1, response_to(received.command, 0));
        CHECK(delivery.hear().command.status() == 0);
        release(delivery, destination);
    } else {
        CHECK(delivery.hear().command.status() == 0xB000);
        CHECK(hospital.workstation.nobody_called());
    }
    return {hospital.audit({{"event", event}, {"sop_instance", object.instance}}),
            hospital.audit({{"event", "warning"}})};
}

Hospital hospital_where(OnChanged every) {
    return Hospital([=](Settings& settings) {
        for (const auto tag : {0x00080050u, 0x00100020u, 0x00100021u, 0x0020000Eu, 0x00200032u, 0x00200037u,
                               0x00200060u, 0x00280030u, 0x00281052u, 0x00281053u})
            settings.archives[0].returned.set(tag, every);
    });
}

}  // namespace

TEST_CASE("changed attributes that policy opens are named in the audit") {
    auto hospital = hospital_where(OnChanged::open);
    const auto said = deliver_changed(hospital, all_changes, "retrieve", true);
    REQUIRE(said.of_event.size() == 2);
    for (const auto& record : said.of_event) CHECK(record["changed"] == tags_of(all_changes));
    CHECK(said.warnings.empty());
}

TEST_CASE("changed attributes that policy warns of are opened with a warning in the audit") {
    auto hospital = hospital_where(OnChanged::warn);
    const auto said = deliver_changed(hospital, all_changes, "retrieve", true);
    REQUIRE(said.warnings.size() == 1);
    CHECK(said.warnings[0]["reason"] == "attributes changed");
    CHECK(said.warnings[0]["detail"] == tags_of(all_changes));
    CHECK(said.warnings[0]["sop_instance"] == "1.2.8.1.1");
    CHECK(said.warnings[0]["calling_ae"] == "WS1");
}

TEST_CASE("by default each changed identifier is warned of, and each of the geometry is refused") {
    const auto index = GENERATE(range(0, 10));
    const std::vector<Change> one = {all_changes[static_cast<std::size_t>(index)]};
    const bool is_identifier = index < 4;
    INFO(one[0].tag);
    Hospital hospital;
    const auto said = deliver_changed(hospital, one, is_identifier ? "retrieve" : "alert", is_identifier);
    REQUIRE(said.of_event.size() == (is_identifier ? 2 : 1));
    CHECK(said.of_event[0]["changed"] == one[0].tag);
    CHECK(said.warnings.size() == (is_identifier ? 1 : 0));
    if (!is_identifier) CHECK(said.of_event[0]["reason"] == "attributes changed");
}

TEST_CASE("an alert for one changed attribute names the others, too") {
    Hospital hospital;
    const auto said = deliver_changed(hospital, all_changes, "alert", false);
    REQUIRE(said.of_event.size() == 1);
    CHECK(said.of_event[0]["changed"] == tags_of(all_changes));
    CHECK(said.of_event[0]["detail"] ==
          "(0020,0032) (0020,0037) (0020,0060) (0028,0030) (0028,1052) (0028,1053)");
    CHECK(said.warnings.empty());
}

TEST_CASE("of a large image with changed geometry the destination gets a part and an abort") {
    Hospital hospital;
    const auto object = an_image_with_all_attributes(6 * 1024 * 1024);
    const auto returned = with(hospital.store(object), {all_changes[4]});
    auto moving = hospital.move(asks_for_study(object.study));
    auto delivery = hospital.deliver();
    delivery.say(1, store_rq(1, object, "WS1", moving.asked.message_id()), returned);
    auto destination = hospital.workstation.accept();
    destination.hear_command();
    CHECK_FALSE(destination.hear_rest().complete);
    CHECK(destination.hear_end() == End::aborted);
    CHECK(delivery.hear().command.status() == 0xB000);
    CHECK(hospital.audit({{"event", "alert"}, {"changed", "(0020,0032)"}}).size() == 1);
}

TEST_CASE("a mark that somebody edited stays, and is named with a warning in the audit") {
    Hospital hospital;
    const auto object = an_image("1.2.8.1.1");
    const Change edit{"(0020,4000)", "Pixels sealed", "Pixels edited"};
    const auto returned = with(hospital.store(object), {edit});
    auto moving = hospital.move(asks_for_study(object.study));
    auto delivery = hospital.deliver();
    delivery.say(1, store_rq(1, object, "WS1", moving.asked.message_id()), returned);
    auto destination = hospital.workstation.accept();
    const auto received = destination.hear();
    CHECK(received.data_set.size() > object.data_set.size());
    CHECK((Bytes(received.data_set.end() - 256 * 1024, received.data_set.end()) ==
           Bytes(object.data_set.end() - 256 * 1024, object.data_set.end())));
    CHECK(as_text(received.data_set).find(edit.returned) != std::string_view::npos);
    destination.say(1, response_to(received.command, 0));
    CHECK(delivery.hear().command.status() == 0);
    release(delivery, destination);
    const auto outcomes = hospital.audit({{"event", "retrieve"}, {"phase", "outcome"}});
    REQUIRE(outcomes.size() == 1);
    CHECK(outcomes[0]["edited"] == edit.tag);
    CHECK_FALSE(outcomes[0].contains("missing"));
    const auto warnings = hospital.audit({{"event", "warning"}});
    REQUIRE(warnings.size() == 1);
    CHECK(warnings[0]["reason"] == "changed values edited");
    CHECK(warnings[0]["detail"] == edit.tag);
}

TEST_CASE("a copy that is not the one that was stored last is opened as policy says, and is in the audit") {
    const auto [what, warnings] = GENERATE(table<std::optional<OnChanged>, std::size_t>(
        {{std::nullopt, 1}, {OnChanged::warn, 1}, {OnChanged::open, 0}}));
    const auto older = what;
    const std::size_t size = GENERATE(256 * 1024, 6 * 1024 * 1024);
    Hospital hospital([=](Settings& settings) {
        if (older) settings.archives[0].returned.older = *older;
    });
    const auto object = an_image("1.2.8.1.1", size);
    const auto first = hospital.store(object);
    const auto last = hospital.store(object);
    CHECK((retrieve(hospital, object, last) == object.data_set));
    CHECK((retrieve(hospital, object, first) == object.data_set));
    const auto stored = hospital.audit({{"event", "store"}, {"phase", "intent"}});
    const auto outcomes = hospital.audit({{"event", "retrieve"}, {"phase", "outcome"}});
    REQUIRE(outcomes.size() == 2);
    CHECK(outcomes[0]["envelope"] == stored[1]["envelope"]);
    CHECK_FALSE(outcomes[0].contains("superseded"));
    CHECK(outcomes[1]["envelope"] == stored[0]["envelope"]);
    CHECK(outcomes[1]["superseded"] == true);
    const auto said = hospital.audit({{"event", "warning"}, {"reason", "older copy"}});
    REQUIRE(said.size() == warnings);
    for (const auto& warning : said)
        CHECK(warning["detail"] == "of envelope " + stored[0]["envelope"].get<std::string>() +
                                       ", stored last with " + stored[1]["envelope"].get<std::string>());
}

TEST_CASE("a copy that is not the one that was stored last is refused with an alert where policy says so") {
    Hospital hospital([](Settings& settings) { settings.archives[0].returned.older = OnChanged::refuse; });
    const auto object = an_image("1.2.8.1.1");
    const auto first = hospital.store(object);
    const auto last = hospital.store(object);
    {
        auto moving = hospital.move(asks_for_study(object.study));
        auto delivery = hospital.deliver();
        delivery.say(1, store_rq(1, object, "WS1", moving.asked.message_id()), first);
        CHECK(delivery.hear().command.status() == 0xB000);
        CHECK(hospital.workstation.nobody_called());
    }
    CHECK((retrieve(hospital, object, last) == object.data_set));
    const auto alerts = hospital.audit({{"event", "alert"}, {"reason", "older copy"}});
    REQUIRE(alerts.size() == 1);
    CHECK(alerts[0]["superseded"] == true);
    CHECK(alerts[0]["sop_instance"] == object.instance);
}
