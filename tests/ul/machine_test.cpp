// The state machine against the standard's own table, cell by cell.

#include "gateway/ul/machine.hpp"

#include <catch2/catch.hpp>
#include <fstream>
#include <map>
#include <sstream>
#include <string>
#include <vector>

using namespace portcullis::ul;

namespace {

const std::map<std::string, Action> actions = {
    {"AE-1", Action::ae1}, {"AE-2", Action::ae2}, {"AE-3", Action::ae3}, {"AE-4", Action::ae4},
    {"AE-5", Action::ae5}, {"AE-6", Action::ae6}, {"AE-7", Action::ae7}, {"AE-8", Action::ae8},
    {"DT-1", Action::dt1}, {"DT-2", Action::dt2}, {"AR-1", Action::ar1}, {"AR-2", Action::ar2},
    {"AR-3", Action::ar3}, {"AR-4", Action::ar4}, {"AR-5", Action::ar5}, {"AR-6", Action::ar6},
    {"AR-7", Action::ar7}, {"AR-8", Action::ar8}, {"AR-9", Action::ar9}, {"AR-10", Action::ar10},
    {"AA-1", Action::aa1}, {"AA-2", Action::aa2}, {"AA-3", Action::aa3}, {"AA-4", Action::aa4},
    {"AA-5", Action::aa5}, {"AA-6", Action::aa6}, {"AA-7", Action::aa7}, {"AA-8", Action::aa8},
};

/// "AE-6 Sta3/13": the action, the next state and, after a slash, the other one.
std::optional<Transition> parse_cell(const std::string& cell) {
    std::istringstream words(cell);
    std::string action, state;
    words >> action >> state;
    if (action == "-") return std::nullopt;
    REQUIRE(state.substr(0, 3) == "Sta");
    const int next = std::stoi(state.substr(3));
    const auto slash = state.find('/');
    const int alternative = slash == std::string::npos ? next : std::stoi(state.substr(slash + 1));
    return Transition{actions.at(action), static_cast<State>(next), static_cast<State>(alternative)};
}

std::vector<std::vector<std::string>> read_table() {
    std::ifstream file(PORTCULLIS_SOURCE_DIR "/tests/vectors/ul/table-9-10.txt");
    REQUIRE(file);
    std::vector<std::vector<std::string>> rows;
    for (std::string line; std::getline(file, line);) {
        if (line.empty() || line[0] == '#') continue;
        std::vector<std::string> cells;
        std::istringstream fields(line);
        for (std::string cell; std::getline(fields, cell, '|');) cells.push_back(cell);
        rows.push_back(cells);
    }
    return rows;
}

}  // namespace

TEST_CASE("every cell of the state machine is that of PS3.8 table 9-10") {
    const auto rows = read_table();
    REQUIRE(rows.size() == 19);
    int cells = 0;
    for (int event = 1; event <= 19; ++event) {
        const auto& row = rows[static_cast<std::size_t>(event - 1)];
        REQUIRE(row.size() == 14);
        REQUIRE(std::stoi(row[0]) == event);
        for (int state = 1; state <= 13; ++state, ++cells) {
            INFO("event " << event << ", state " << state);
            CHECK(transition(static_cast<State>(state), static_cast<Event>(event)) ==
                  parse_cell(row[static_cast<std::size_t>(state)]));
        }
    }
    CHECK(cells == 247);
}

TEST_CASE("the events have the numbers of the standard") {
    CHECK(static_cast<int>(Event::associate_rq_received) == 6);
    CHECK(static_cast<int>(Event::data_received) == 10);
    CHECK(static_cast<int>(Event::abort_request) == 15);
    CHECK(static_cast<int>(Event::invalid_pdu_received) == 19);
}

TEST_CASE("a second request, and data before acceptance, abort the association") {
    CHECK(transition(State::sta6, Event::associate_rq_received)->action == Action::aa8);
    CHECK(transition(State::sta2, Event::data_received)->action == Action::aa1);
    CHECK(transition(State::sta3, Event::data_received)->action == Action::aa8);
    CHECK(transition(State::sta5, Event::data_received)->action == Action::aa8);
}

TEST_CASE("a release collision ends orderly on both sides") {
    const auto collision = transition(State::sta7, Event::release_rq_received).value();
    // requestor: answer first, then wait for the answer
    const auto answered = transition(collision.next, Event::release_response).value();
    CHECK(answered.action == Action::ar9);
    CHECK(transition(answered.next, Event::release_rp_received)->next == State::sta1);
    // acceptor: wait for the answer first, then answer
    const auto confirmed = transition(collision.alternative, Event::release_rp_received).value();
    CHECK(confirmed.action == Action::ar10);
    CHECK(transition(confirmed.next, Event::release_response)->next == State::sta13);
}
