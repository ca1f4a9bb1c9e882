#include "gateway/ul/machine.hpp"

#include <array>
#include <cstddef>

namespace portcullis::ul {

namespace {

using enum Action;
using enum State;
using Cell = std::optional<Action>;
constexpr std::nullopt_t none = std::nullopt;

constexpr std::size_t states = 13;
constexpr std::size_t events = 19;

// clang-format off
/// PS3.8 table 9-10, one row per event, one column per state.
constexpr std::array<std::array<Cell, states>, events> actions = {{
    // Sta1  Sta2  Sta3  Sta4  Sta5  Sta6  Sta7  Sta8  Sta9  Sta10 Sta11 Sta12 Sta13
    {{ae1,  none, none, none, none, none, none, none, none, none, none, none, none}},  // A-ASSOCIATE request
    {{none, none, none, ae2,  none, none, none, none, none, none, none, none, none}},  // transport confirmed
    {{none, aa1,  aa8,  none, ae3,  aa8,  aa8,  aa8,  aa8,  aa8,  aa8,  aa8,  aa6 }},  // A-ASSOCIATE-AC
    {{none, aa1,  aa8,  none, ae4,  aa8,  aa8,  aa8,  aa8,  aa8,  aa8,  aa8,  aa6 }},  // A-ASSOCIATE-RJ
    {{ae5,  none, none, none, none, none, none, none, none, none, none, none, none}},  // transport indication
    {{none, ae6,  aa8,  none, aa8,  aa8,  aa8,  aa8,  aa8,  aa8,  aa8,  aa8,  aa7 }},  // A-ASSOCIATE-RQ
    {{none, none, ae7,  none, none, none, none, none, none, none, none, none, none}},  // accept
    {{none, none, ae8,  none, none, none, none, none, none, none, none, none, none}},  // reject
    {{none, none, none, none, none, dt1,  none, ar7,  none, none, none, none, none}},  // P-DATA request
    {{none, aa1,  aa8,  none, aa8,  dt2,  ar6,  aa8,  aa8,  aa8,  aa8,  aa8,  aa6 }},  // P-DATA-TF
    {{none, none, none, none, none, ar1,  none, none, none, none, none, none, none}},  // A-RELEASE request
    {{none, aa1,  aa8,  none, aa8,  ar2,  ar8,  aa8,  aa8,  aa8,  aa8,  aa8,  aa6 }},  // A-RELEASE-RQ
    {{none, aa1,  aa8,  none, aa8,  aa8,  ar3,  aa8,  aa8,  ar10, ar3,  aa8,  aa6 }},  // A-RELEASE-RP
    {{none, none, none, none, none, none, none, ar4,  ar9,  none, none, ar4,  none}},  // A-RELEASE response
    {{none, none, aa1,  aa2,  aa1,  aa1,  aa1,  aa1,  aa1,  aa1,  aa1,  aa1,  none}},  // A-ABORT request
    {{none, aa2,  aa3,  none, aa3,  aa3,  aa3,  aa3,  aa3,  aa3,  aa3,  aa3,  aa2 }},  // A-ABORT
    {{none, aa5,  aa4,  aa4,  aa4,  aa4,  aa4,  aa4,  aa4,  aa4,  aa4,  aa4,  ar5 }},  // transport closed
    {{none, aa2,  none, none, none, none, none, none, none, none, none, none, aa2 }},  // ARTIM expired
    {{none, aa1,  aa8,  none, aa8,  aa8,  aa8,  aa8,  aa8,  aa8,  aa8,  aa8,  aa7 }},  // invalid PDU
}};
// clang-format on

/// PS3.8 tables 9-6 to 9-9: where an action leads does not depend on where it began.
constexpr Transition transition_of(Action action) {
    const auto to = [action](State next) { return Transition{action, next, next}; };
    switch (action) {
        case ae1:
            return to(sta4);
        case ae2:
            return to(sta5);
        case ae5:
            return to(sta2);
        case ae6:
            return {action, sta3, sta13};
        case ae3:
        case ae7:
        case dt1:
        case dt2:
            return to(sta6);
        case ar1:
        case ar6:
            return to(sta7);
        case ar2:
        case ar7:
            return to(sta8);
        case ar8:
            return {action, sta9, sta10};
        case ar9:
            return to(sta11);
        case ar10:
            return to(sta12);
        case ae4:
        case ar3:
        case ar5:
        case aa2:
        case aa3:
        case aa4:
        case aa5:
            return to(sta1);
        case ae8:
        case ar4:
        case aa1:
        case aa6:
        case aa7:
        case aa8:
            return to(sta13);
    }
    return to(sta1);
}

}  // namespace

std::optional<Transition> transition(State state, Event event) {
    const auto row = static_cast<std::size_t>(event) - 1;
    const auto column = static_cast<std::size_t>(state) - 1;
    const Cell cell = actions.at(row).at(column);
    if (!cell) return std::nullopt;
    return transition_of(*cell);
}

}  // namespace portcullis::ul
