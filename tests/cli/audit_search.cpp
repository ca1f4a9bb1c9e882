// What an auditor types, and what answers.

#include <catch2/catch.hpp>

#include "gateway/keys/keyring.hpp"
#include "tests/auditor/log.hpp"
#include "tests/cli/typed.hpp"

using namespace portcullis;
using Catch::Matchers::Contains;
using Catch::Matchers::EndsWith;
using Catch::Matchers::StartsWith;

namespace {

constexpr auto noon = "2026-11-29T12:00:00.000Z";

std::vector<auditor::test::Dated> some_records() {
    return {{noon, {"start", {{"gateway", "gate-1"}}}},
            {noon,
             {"store",
              {{"calling_ae", "CT1"}, {"phase", "outcome"}, {"patient_id", "4711"}, {"status", "0000"}}}},
            {noon, {"refusal", {{"calling_ae", "WS1"}, {"operation", "retrieve"}, {"reason", "policy"}}}}};
}

/// A log, and a configuration that names it.
struct Office {
    explicit Office(const audit::Identifiers& identifiers = {}) : log(some_records(), identifiers) {}
    Answer ask(std::vector<const char*> words) const {
        words.insert(words.begin(), "audit");
        words.push_back("--log");
        words.push_back(log.folder().c_str());
        return type(words);
    }
    const auditor::test::Log log;
    const Folder folder;
};

}  // namespace

TEST_CASE("What makes no sense to ask of a log is said in one line") {
    for (const std::vector<const char*>& words : std::vector<std::vector<const char*>>{
             {"audit", "search"},
             {"audit", "search", "--log", "a", "--config", "b"},
             {"audit", "search", "--log", "a", "--outcome", "good"},
             {"audit", "search", "--log", "a", "--from", "yesterday"},
             {"audit", "search", "--log", "a", "--limit", "-1"},
             {"audit", "search", "--config", "a", "--keyring", "b"},
             {"audit", "export", "--log", "a", "--format", "csv"},
             {"audit", "export", "--log", "a", "--output", "b"},
             {"audit", "export", "--log", "a", "--output", "b", "--format", "xls"},
             {"audit", "report", "--log", "a"},
             {"audit", "report", "--log", "a", "--day", "2026-11-29T12:00:00Z"},
         }) {
        INFO(words.back());
        const auto answer = type(words);
        CHECK(answer.status == 2);
        CHECK(answer.out.empty());
        CHECK(is_one_line(answer.err));
    }
}

TEST_CASE("Records are listed as a table, or as the lines of the log") {
    const Office office;
    const auto table = office.ask({"search", "--patient", "4711"});
    CHECK(table.status == 0);
    CHECK_THAT(table.out, StartsWith("   record  time (UTC)") &&
                              Contains("2026-11-29 12:00:00.000  store outcome") &&
                              EndsWith("patient_id 4711, status 0000\n"));
    const auto lines = audit::lines_of(audit::content(office.log.file()));
    CHECK(office.ask({"search", "--json"}).out == lines[0] + lines[1] + lines[2]);
    CHECK(office.ask({"search", "--json", "--limit", "2"}).out == lines[0] + lines[1]);
    CHECK(office.ask({"search", "--json", "--outcome", "refused"}).out == lines[2]);
}

TEST_CASE("That there is nothing is no failure") {
    const Office office;
    const auto none = office.ask({"search", "--patient", "4712"});
    CHECK(none.status == 0);
    CHECK(none.out == "no such record\n");
    CHECK(office.ask({"search", "--patient", "4712", "--json"}).out.empty());
}

TEST_CASE("With a configuration a peer's name stands for its titles, too") {
    const Office office;
    const auto config = office.folder.write("portcullis.yaml",
                                            "archives: [{name: main, ae_title: PACS, host: 10.0.0.5}]\n"
                                            "peers: [{name: ward, ae_title: WS1, addresses: [10.0.1.7]}]\n"
                                            "keys: {keyring: keys}\naudit: {log: " +
                                                office.log.folder().string() + "}\n");
    const auto found = type({"audit", "search", "--config", config.c_str(), "--peer", "ward", "--json"});
    CHECK(found.status == 0);
    CHECK_THAT(found.out, StartsWith("{\"seq\":3,") && EndsWith("}\n"));
    // There is no keyring, and none is needed for a log that hides nothing.
    CHECK_THAT(type({"audit", "search", "--config", config.c_str(), "--patient", "4711"}).out,
               Contains("4711"));
}

TEST_CASE("Hashed identifiers need their key") {
    const Folder folder;
    const auto keyring = folder / "keys";
    keys::Keyring::init(keyring);
    const auto other = folder / "other";
    keys::Keyring::init(other);
    const Office office(audit::Identifiers::hashed(keyring));
    const auto without = office.ask({"search", "--patient", "4711"});
    CHECK(without.status == 1);
    CHECK(is_one_line(without.err));
    CHECK_THAT(without.err, Contains("--keyring"));
    const auto wrong = office.ask({"search", "--patient", "4711", "--keyring", other.c_str()});
    CHECK(wrong.status == 1);
    CHECK_THAT(wrong.err, Contains("has no audit-identifiers.key"));
    CHECK_THAT(office.ask({"search", "--patient", "4711", "--keyring", keyring.c_str()}).out,
               Contains("store outcome"));
}

TEST_CASE("Records are exported into a file, or none is made") {
    const Office office;
    const auto file = office.folder / "records.csv";
    const auto done = office.ask({"export", "--format", "csv", "--output", file.c_str(), "--event", "store"});
    CHECK(done.status == 0);
    CHECK(done.out == file + ": 1 record\n");
    CHECK_THAT(audit::content(file),
               StartsWith("seq,time,event") && Contains("\r\n2,2026-11-29T12:00:00.000Z,store"));
    const auto nowhere = office.folder / "none/records.csv";
    const auto failed = office.ask({"export", "--format", "csv", "--output", nowhere.c_str()});
    CHECK(failed.status == 1);
    CHECK(is_one_line(failed.err));
}

TEST_CASE("Audit messages are exported as one XML document, which takes a configuration") {
    const Office office;
    const auto file = office.folder / "messages.xml";
    const auto unnamed = office.ask({"export", "--format", "xml", "--output", file.c_str()});
    CHECK(unnamed.status == 2);
    CHECK_THAT(unnamed.err, Contains("--config"));
    CHECK_FALSE(std::filesystem::exists(file));
    const auto config =
        office.folder.write("portcullis.yaml",
                            "archives: [{name: main, ae_title: PACS, host: 10.0.0.5}]\npeers: []\n"
                            "keys: {keyring: keys}\naudit: {log: " +
                                office.log.folder().string() + "}\n");
    const auto done =
        type({"audit", "export", "--config", config.c_str(), "--format", "xml", "--output", file.c_str()});
    CHECK(done.status == 0);
    CHECK(done.out == file + ": 3 messages\n");
    const auto lines = audit::lines_of(audit::content(file));
    REQUIRE(lines.size() == 6);
    CHECK(lines[1] == "<AuditMessages>\n");
    for (std::size_t i = 2; i < 5; ++i)
        CHECK_THAT(lines[i], StartsWith("<AuditMessage>") && EndsWith("</AuditMessage>\n"));
    CHECK(lines[5] == "</AuditMessages>\n");
}

TEST_CASE("A day's report goes to standard output or into a file, as HTML or as text") {
    const Office office;
    CHECK_THAT(office.ask({"report", "--day", "2026-11-29"}).out, StartsWith("<!DOCTYPE html>"));
    const auto file = office.folder / "day.txt";
    const auto done = office.ask({"report", "--day", "2026-11-29", "--text", "--output", file.c_str()});
    CHECK(done.status == 0);
    CHECK(done.out.empty());
    CHECK_THAT(audit::content(file),
               StartsWith("Audit report, 29 November 2026\n") &&
                   Contains("portcullis audit verify --log " + office.log.folder().string()));
}

TEST_CASE("The report of a log that was changed is made, and fails") {
    const Office office;
    auto changed = audit::content(office.log.file());
    changed.replace(changed.find("4711"), 4, "4712");
    audit::write(office.log.file(), changed);
    const auto answer = office.ask({"report", "--day", "2026-11-29", "--text"});
    CHECK(answer.status == 1);
    CHECK_THAT(answer.out, Contains("THE CHAIN OF THE DAY IS BROKEN: record 2 was changed"));
    CHECK(is_one_line(answer.err));
}
