// The budgets of the gateway that runs: what is asked of it, and what is said of its answer.

#include <catch2/catch.hpp>
#include <stdexcept>

#include "tests/cli/typed.hpp"

using namespace portcullis;
using Catch::Matchers::Contains;
using Catch::Matchers::StartsWith;

namespace {

/// A gateway that answers this, and what it was asked.
struct Running {
    std::string answer = R"({"until":"2026-11-29T17:00:00.000Z"})";
    nlohmann::json asked;
    Folder folder;
    std::string config = folder.write("gate.yaml", valid);

    Answer type(std::vector<const char*> words) {
        words.insert(words.begin(), "policy");
        words.insert(words.begin() + 2, {"--config", config.c_str()});
        Commands commands;
        commands.ask = [this](const Settings& settings, const std::string& line) {
            CHECK(settings.journal == std::filesystem::path(folder / "journal"));
            asked = nlohmann::json::parse(line);
            return answer;
        };
        return portcullis::type(words, commands);
    }
    Answer grant(std::vector<const char*> words) {
        words.insert(words.begin(), {"grant", "--budget", "few", "--reason", "trauma"});
        return type(words);
    }
};

}  // namespace

TEST_CASE("What is granted is asked of the gateway that runs") {
    Running running;
    const auto done = running.grant(
        {"--peer", "ws", "--objects", "100", "--studies", "5", "--bytes", "2GiB", "--for", "90m"});
    CHECK(done.status == 0);
    CHECK(done.out == "granted to peer ws until 2026-11-29T17:00:00.000Z; it is in the audit\n");
    CHECK(running.asked == nlohmann::json{{"command", "grant"},
                                          {"budget", "few"},
                                          {"peer", "ws"},
                                          {"objects", 100},
                                          {"studies", 5},
                                          {"bytes", std::uint64_t{2} << 30},
                                          {"seconds", 5400},
                                          {"reason", "trauma"}});
    const auto json = running.grant({"--user", "nurse", "--objects", "1", "--for", "1d", "--json"});
    CHECK(json.json()["until"] == "2026-11-29T17:00:00.000Z");
    CHECK(running.asked["user"] == "nurse");
    CHECK(running.asked["seconds"] == 86400);
}

TEST_CASE("What cannot be meant is not asked") {
    Running running;
    const auto check_wrong = [&](const std::vector<const char*>& words, const std::string& said) {
        const auto wrong = running.grant(words);
        CHECK(wrong.status == 2);
        CHECK(is_one_line(wrong.err));
        CHECK_THAT(wrong.err, StartsWith("portcullis: ") && Contains(said));
        CHECK(running.asked.is_null());
    };
    check_wrong({"--peer", "ws", "--objects", "1"}, "--for is required");
    check_wrong({"--objects", "1", "--for", "1h"}, "[--peer,--user]");
    check_wrong({"--peer", "ws", "--user", "nurse", "--objects", "1", "--for", "1h"}, "[--peer,--user]");
    check_wrong({"--peer", "ws", "--objects", "many", "--for", "1h"}, "--objects: 'many' is not a number");
    check_wrong({"--peer", "ws", "--objects", "0", "--for", "1h"}, "--objects: '0' is out of range");
    check_wrong({"--peer", "ws", "--bytes", "2GB", "--for", "1h"}, "--bytes: '2GB' is not a size");
    check_wrong({"--peer", "ws", "--objects", "1", "--for", "8d"},
                "--for: '8d' is out of range; write 1m to 7d");
    check_wrong({"--peer", "ws", "--objects", "1", "--for", "5s"},
                "--for: '5s' is out of range; write 1m to 7d");
}

TEST_CASE("What the gateway does not grant is an error") {
    Running running;
    running.answer = R"({"error":"there is no peer 'ws'; see peers"})";
    const auto refused = running.grant({"--peer", "ws", "--objects", "1", "--for", "1h"});
    CHECK(refused.status == 1);
    CHECK(refused.err == "portcullis: there is no peer 'ws'; see peers\n");
    running.answer = "no";
    const auto strange = running.grant({"--peer", "ws", "--objects", "1", "--for", "1h"});
    CHECK(strange.status == 1);
    CHECK(is_one_line(strange.err));
}

TEST_CASE("What is used and granted is listed") {
    Running running;
    running.answer =
        R"({"budgets":[{"budget":"few","per":"user","window_seconds":3600,"over":"sealed","accounts":[
        {"peer":"ws","objects":{"used":3,"limit":5},"studies":{"used":1,"limit":2}},
        {"user":"nurse","objects":{"used":0,"limit":5}}]}],
        "grants":[{"budget":"few","user":"nurse","objects":3,"until":"2026-11-29T17:00:00.000Z"}]})";
    const auto listed = running.type({"budgets"});
    CHECK(listed.status == 0);
    CHECK(running.asked == nlohmann::json{{"command", "budgets"}});
    CHECK(listed.out ==
          "few: in 3600 s for each user, over it sealed\n"
          "  peer ws: objects 3 of 5, studies 1 of 2\n"
          "  user nurse: objects 0 of 5\n"
          "granted: few: user nurse until 2026-11-29T17:00:00.000Z\n");
    CHECK(running.type({"budgets", "--json"}).json() == nlohmann::json::parse(running.answer));
}
