#include "gateway/auditor/outcome.hpp"

#include <catch2/catch.hpp>

#include "tests/auditor/log.hpp"

using namespace portcullis::auditor;
using test::logged;
using Words = std::vector<std::pair<std::string, std::string>>;

namespace {
Outcome outcome(const std::string& event, const Words& words) {
    test::Record record(event, {});
    for (const auto& [name, value] : words) record.values.emplace_back(name, value);
    return outcome_of(logged(record));
}
}  // namespace

TEST_CASE("Every record has one outcome") {
    struct Row {
        std::string event;
        Words words;
        Outcome outcome;
    };
    const std::vector<Row> rows = {
        {"alert", {{"status", "0110"}}, Outcome::alert},
        {"refusal", {{"status", "0124"}}, Outcome::refused},
        {"failure", {{"reason", "tls"}}, Outcome::failure},
        {"store", {{"phase", "intent"}}, Outcome::none},
        {"store", {{"phase", "outcome"}, {"status", "0000"}}, Outcome::success},
        {"store", {{"phase", "outcome"}, {"status", "B000"}}, Outcome::success},
        {"store", {{"phase", "outcome"}, {"status", "0107"}}, Outcome::success},
        {"store", {{"phase", "outcome"}, {"status", "A700"}}, Outcome::failure},
        {"store", {{"phase", "outcome"}, {"status", "0122"}}, Outcome::failure},
        {"store", {{"phase", "outcome"}, {"status", "unknown"}}, Outcome::failure},
        {"retrieve", {{"phase", "end"}, {"status", "FE00"}}, Outcome::success},
        {"association", {{"outcome", "accepted"}}, Outcome::success},
        {"association", {{"outcome", "rejected"}}, Outcome::refused},
        {"association", {{"outcome", "turned away"}}, Outcome::refused},
        {"association", {{"outcome", "aborted"}}, Outcome::failure},
        {"reload", {{"outcome", "failed"}}, Outcome::failure},
        {"observe", {{"would", "refuse"}, {"status", "0124"}}, Outcome::none},
        {"start", {}, Outcome::none},
    };
    for (const auto& row : rows) {
        INFO(row.event << ' ' << (row.words.empty() ? "" : row.words.back().second));
        CHECK(outcome(row.event, row.words) == row.outcome);
    }
}
