// Names that peers choose: no path of a file is made of them.

#include <catch2/catch.hpp>
#include <set>

#include "gateway/dimse/status.hpp"
#include "tests/service/deeds.hpp"

using namespace portcullis;
using namespace portcullis::service::test;

namespace {

/// Where the process works while this lives.
class WorkingFolder {
  public:
    explicit WorkingFolder(const std::filesystem::path& path) : before_(std::filesystem::current_path()) {
        std::filesystem::create_directories(path);
        std::filesystem::current_path(path);
    }
    ~WorkingFolder() { std::filesystem::current_path(before_); }
    WorkingFolder(const WorkingFolder&) = delete;
    WorkingFolder& operator=(const WorkingFolder&) = delete;

  private:
    std::filesystem::path before_;
};

/// All files that there are after a scanner of this title has stored an image of these names, and a viewer of
/// this title has retrieved it. What the gateway keeps, but for its keys, lies three levels below
/// where they are looked for.
std::set<std::string> files_after(const std::string& title, const std::string& instance,
                                  const std::string& study) {
    const TemporaryFolder all;
    const auto own = all.path() / "one" / "two" / "three";
    const WorkingFolder working(own);
    {
        Hospital hospital([&](Settings& settings) {
            settings.registry = "sqlite://" + (own / "registry.db").string();
            settings.audit = own / "audit";
            settings.journal = own / "journal";
            settings.peers[0].ae_titles = {*AeTitle::parse(title)};
        });
        const auto object = an_image(instance, 3 * 1024 * 1024, study);
        auto [scanner, pacs] = hospital.associate(proposal(title, "PACS", {context(1, uid::ct)}));
        scanner.say(1, store_rq(1, object), object.data_set);
        const auto sealed = pacs.hear();
        pacs.say(1, dimse::response_to(sealed.command, 0));
        CHECK(scanner.hear().command.status() == 0);

        auto [viewer, asked_of] = hospital.associate(viewer_proposal(title));
        viewer.say(1, move_rq(7, title), asks_for_study(study));
        const auto asked = asked_of.hear().command;
        auto delivery = hospital.deliver();
        delivery.say(1, store_rq(1, object, title, asked.message_id()), sealed.data_set);
        auto destination = hospital.workstation.accept();
        const auto received = destination.hear();
        CHECK((received.data_set == object.data_set));
        destination.say(1, dimse::response_to(received.command, 0));
        CHECK(delivery.hear().command.status() == 0);
    }
    std::set<std::string> files;
    for (const auto& file : std::filesystem::recursive_directory_iterator(all.path()))
        files.insert(std::filesystem::relative(file.path(), all.path()).string());
    return files;
}

}  // namespace

TEST_CASE("whatever UIDs and titles say, the gateway has the same files") {
    const auto usual = files_after("WS1", "1.2.8.1.1", "1.2.8");
    CHECK(usual.contains("one/two/three/registry.db"));
    CHECK(files_after("../WS1", "..", "..") == usual);
    CHECK(files_after("/tmp/x", ".", "1..2") == usual);
    CHECK(files_after("../../../WS", "...", ".") == usual);
}

TEST_CASE("a UID with a slash is none") {
    Hospital hospital;
    auto [scanner, pacs] = hospital.associate(scanner_proposal());
    auto asked = store_rq(1, an_image("1.2.8.1.1", 1024));
    asked.set(dimse::Element::affected_sop_instance_uid, "../1.2.8.1.1");
    scanner.say(1, asked, an_image("1.2.8.1.1", 1024).data_set);
    CHECK(scanner.hear().command.status() == dimse::status::cannot_understand);
    release(scanner, pacs);
}
