// The command line as a script meets it: words in, lines and an exit status out.

#include "gateway/cli.hpp"

#include <catch2/catch.hpp>
#include <fstream>
#include <sstream>

#include "gateway/audit/scribe.hpp"
#include "tests/cli/typed.hpp"

using namespace portcullis;
using Catch::Matchers::Contains;
using Catch::Matchers::EndsWith;
using Catch::Matchers::Equals;
using Catch::Matchers::StartsWith;

namespace {

/// Appends records as the gateway does.
void keep_log(const std::string& folder, int records) {
    audit::AuditLog log(folder);
    std::vector<std::pair<journal::Position, std::string>> entries;
    for (int i = 0; i < records; ++i) {
        auto entry = audit::Scribe().entry({"association", {{"calling_ae", std::string("CT1")}}});
        log.prepare(entry.payload);
        entries.emplace_back(static_cast<journal::Position>(i), entry.payload);
    }
    log.apply(entries);
    log.sync();
}

}  // namespace

TEST_CASE("Wrong words are one line on standard error and exit status 2") {
    for (const std::vector<const char*>& words : std::vector<std::vector<const char*>>{
             {},
             {"fly"},
             {"check"},
             {"run"},
             {"check", "--config"},
             {"check", "--config", "a", "--config", "b"},
             {"check", "--config", "a", "--unknown"},
             {"keys"},
             {"keys", "init"},
             {"keys", "rotate", "--keyring", "a"},
             {"keys", "init", "--keyring", "a", "--config", "b"},
             {"audit", "verify"},
             {"audit", "verify", "a", "--config", "b"},
             {"audit", "verify", "--proof", "a"},
             {"audit", "verify", "--proof", "a", "--key", "k", "--log", "b"},
             {"audit", "verify", "a", "--first", "0"},
             {"audit", "prove", "--log", "a"},
             {"audit", "key", "--log", "a"},
             {"audit", "search", "a"},
             {"version", "now"},
             {"probe"},
             {"registry", "rebuild", "--config", "a"},
             {"registry", "rebuild", "--config", "a", "--study", "1.2"},
             {"registry", "rebuild", "--config", "a", "--archive", "main", "--study", "1.2", "b"},
         }) {
        INFO((words.empty() ? "nothing" : words.front()) << ", " << words.size() << " words");
        const Answer answer = type(words);
        CHECK(answer.status == 2);
        CHECK(answer.out.empty());
        CHECK(is_one_line(answer.err));
        CHECK_THAT(answer.err, StartsWith("portcullis: ") && EndsWith("; see portcullis --help\n"));
    }
}

TEST_CASE("Help is an answer, and names only what there is") {
    const Answer help = type({"--help"});
    CHECK(help.status == 0);
    CHECK(help.err.empty());
    for (const char* word : {"run", "check", "probe", "keys", "audit", "codec", "seal", "open", "inspect",
                             "registry", "policy", "version"})
        CHECK_THAT(help.out, Contains(word));
    for (const char* word : {"spool", "objects"}) CHECK_THAT(help.out, !Contains(word));
    CHECK_THAT(type({"keys", "--help"}).out, Contains("init") && Contains("list") && !Contains("rotate"));
    CHECK_THAT(type({"audit", "verify", "--help"}).out, Contains("--log") && Contains("--config"));
    for (const char* command : {"seal", "open", "inspect"})
        CHECK_THAT(type({command, "--help"}).out, Contains("--keyring") && !Contains("--recovery-key"));
    CHECK_THAT(type({"probe", "--help"}).out, Contains("--archive") && Contains("--json"));
    CHECK_THAT(type({"registry", "--help"}).out, Contains("rebuild") && Contains("reconcile"));
    CHECK_THAT(type({"check", "--help"}).out, Contains("--connect") && Contains("--json"));
}

TEST_CASE("The version is told to people and to scripts") {
    CHECK_THAT(type({"version"}).out, StartsWith("portcullis ") && EndsWith("\n"));
    CHECK(type({"version", "--json"}).json().at("name") == "portcullis");
}

TEST_CASE("A valid configuration is said to be so") {
    const Folder folder;
    const auto file = folder.write("gate.yaml", valid);
    const Answer answer = type({"check", "--config", file.c_str()});
    CHECK(answer.status == 0);
    CHECK(answer.err.empty());
    CHECK_THAT(answer.out, Equals(file + ": valid: 1 archive, 1 peer, 2 rules\n"));
    const Answer json = type({"check", "--config", file.c_str(), "--json"});
    CHECK(json.status == 0);
    CHECK(json.json().at("ok") == true);
    CHECK(json.json().at("rules") == 2);
}

TEST_CASE("check warns that the gateway only observes") {
    const Folder folder;
    const auto file = folder.write("gate.yaml", valid + "mode: observe\n");
    const Answer answer = type({"check", "--config", file.c_str()});
    CHECK(answer.status == 0);
    CHECK_THAT(answer.out, Contains("\n" + file + ": warning: mode: observe: ") && EndsWith("refused\n"));
    CHECK(type({"check", "--config", file.c_str(), "--json"}).json().at("mode") == "observe");
}

TEST_CASE("Errors of a configuration are lines with their places, and exit status 2") {
    const Folder folder;
    const auto file = folder.write("gate.yaml", valid + "polciy: {}\nmode: watch\n");
    const std::string lines = file + ":5:1: polciy: unknown key; did you mean policy?\n" + file +
                              ":6:7: mode: unknown value 'watch'; write one of enforce, observe\n";
    Commands commands;
    commands.run = [](const std::function<Settings()>& read) {
        (void)read();
        return 0;
    };
    for (const char* command : {"check", "run"}) {
        const Answer answer = type({command, "--config", file.c_str()}, commands);
        CHECK(answer.status == 2);
        CHECK(answer.out.empty());
        CHECK(answer.err == lines);
    }
    CHECK(type({"keys", "init", "--config", file.c_str()}).status == 2);
    const Answer json = type({"check", "--config", file.c_str(), "--json"});
    CHECK(json.status == 2);
    CHECK(json.err == lines);
    CHECK(json.json().at("ok") == false);
    CHECK(json.json().at("errors").size() == 2);
    const Answer absent = type({"check", "--config", (folder / "none.yaml").c_str()});
    CHECK(absent.status == 2);
    CHECK(is_one_line(absent.err));
}

TEST_CASE("check and a plugin that cannot be loaded") {
    const Folder folder;
    const auto file = folder.write(
        "gate.yaml", valid + "seal: {plugins: [{path: /gone.so, sha256: '" + std::string(64, '0') + "'}]}\n");
    const std::string line = file +
                             ":5:18: seal.plugins[0]: 'gone.so': cannot be opened: No such file or "
                             "directory; correct path and sha256, or remove the plugin\n";
    const Answer answer = type({"check", "--config", file.c_str()});
    CHECK(answer.status == 2);
    CHECK(answer.out.empty());
    CHECK(answer.err == line);
    const Answer json = type({"check", "--config", file.c_str(), "--json"});
    CHECK(json.status == 2);
    CHECK(json.json().at("errors").size() == 1);
}

TEST_CASE("check --connect tells what answers and fails if something does not") {
    const Folder folder;
    const auto file = folder.write("gate.yaml", valid);
    Commands commands;
    commands.connect = [](const Settings& settings) -> std::vector<service::Echoed> {
        return {{"archive " + settings.archives.at(0).name, "PACS at 10.0.0.5:104", true, ""},
                {"peer ws", "WS1 at 10.0.1.7:104", false, "connection refused; is it running?"}};
    };
    const Answer answer = type({"check", "--config", file.c_str(), "--connect"}, commands);
    CHECK(answer.status == 1);
    CHECK_THAT(answer.out, EndsWith("archive main: PACS at 10.0.0.5:104: answers\n"));
    CHECK(answer.err == "portcullis: peer ws: WS1 at 10.0.1.7:104: connection refused; is it running?\n");
    const auto json = type({"check", "--config", file.c_str(), "--connect", "--json"}, commands).json();
    CHECK(json.at("ok") == false);
    CHECK(json.at("connections").at(0).at("ok") == true);
    CHECK(json.at("connections").at(1).at("what") == "peer ws");
}

TEST_CASE("run hands over how to read the settings, and its exit status, and a failure is one line") {
    const Folder folder;
    const auto file = folder.write("gate.yaml", valid);
    Commands commands;
    std::string keyring;
    commands.run = [&](const std::function<Settings()>& read) {
        keyring = read().keyring.string();
        return 0;
    };
    CHECK(type({"run", "--config", file.c_str()}, commands).status == 0);
    CHECK(keyring == folder / "keys");
    commands.run = [](const std::function<Settings()>&) -> int {
        throw std::runtime_error("port 11112 is taken;\nfree it");
    };
    const Answer failure = type({"run", "--config", file.c_str()}, commands);
    CHECK(failure.status == 1);
    CHECK(failure.err == "portcullis: port 11112 is taken; free it\n");
}

TEST_CASE("A keyring is made once and listed") {
    const Folder folder;
    const auto file = folder.write("gate.yaml", valid);
    const auto keyring = folder / "keys";
    const Answer made = type({"keys", "init", "--config", file.c_str(), "--json"});
    REQUIRE(made.status == 0);
    CHECK(made.json().at("keyring") == keyring);
    REQUIRE(made.json().at("keks").size() == 1);
    const std::string id = made.json().at("keks").at(0).at("id");
    CHECK(id.size() == 32);

    const Answer listed = type({"keys", "list", "--keyring", keyring.c_str()});
    CHECK(listed.status == 0);
    CHECK_THAT(listed.out, Contains("kek     " + id) && Contains("  current\n"));
    CHECK_THAT(listed.out, Contains("signer  " + made.json().at("signer").get<std::string>() + "\n"));

    const Answer again = type({"keys", "init", "--keyring", keyring.c_str()});
    CHECK(again.status == 1);
    CHECK(again.out.empty());
    CHECK(is_one_line(again.err));
    CHECK_THAT(type({"keys", "list", "--config", file.c_str()}).out, Contains(id));

    const Answer absent = type({"keys", "list", "--keyring", (folder / "none").c_str()});
    CHECK(absent.status == 1);
    CHECK(is_one_line(absent.err));
}

TEST_CASE("A new keyring is announced to people, with what they must not forget") {
    const Folder folder;
    const Answer made = type({"keys", "init", "--keyring", (folder / "keys").c_str()});
    CHECK(made.status == 0);
    CHECK(is_one_line(made.out));
    CHECK_THAT(made.out, StartsWith(folder / "keys") && Contains("keep a copy"));
}

TEST_CASE("An audit log is verified, and the first record that was changed is named") {
    const Folder folder;
    const auto file = folder.write("gate.yaml", valid);
    const auto log = folder / "audit";
    keep_log(log, 5);
    for (const std::vector<const char*>& place : std::vector<std::vector<const char*>>{
             {"--config", file.c_str()}, {"--log", log.c_str()}, {log.c_str()}}) {
        std::vector<const char*> words = {"audit", "verify"};
        words.insert(words.end(), place.begin(), place.end());
        const Answer answer = type(words);
        CHECK(answer.status == 0);
        CHECK_THAT(answer.out, StartsWith(log + ": 5 records, unbroken; root hash "));
    }

    std::fstream text(log + "/audit.log", std::ios::in | std::ios::out);
    std::string line;
    for (int i = 0; i < 2; ++i) std::getline(text, line);
    const auto third = text.tellg();
    std::getline(text, line);
    const auto title = line.find("CT1");
    REQUIRE(title != std::string::npos);
    text.seekp(third + static_cast<std::streamoff>(title));
    text << "CT2" << std::flush;

    const Answer broken = type({"audit", "verify", log.c_str()});
    CHECK(broken.status == 1);
    CHECK(broken.out.empty());
    CHECK(is_one_line(broken.err));
    CHECK_THAT(broken.err, StartsWith("portcullis: " + log + ": record 3: "));
    const Answer json = type({"audit", "verify", log.c_str(), "--json"});
    CHECK(json.status == 1);
    CHECK(json.json().at("ok") == false);
    CHECK(json.json().at("fault").at("record") == 3);
    CHECK(type({"audit", "verify", (folder / "none").c_str()}).status == 1);
}

TEST_CASE("An answer that cannot be written is a failure") {
    std::ofstream full("/dev/full");
    std::ostringstream err;
    const char* words[] = {"portcullis", "version"};
    CHECK(run_cli(2, words, {}, full, err) == 1);
    CHECK(is_one_line(err.str()));
}
