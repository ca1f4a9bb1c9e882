#pragma once
// The state machine of PS3.8 9.2, as its table 9-10: 13 states, 19 events, 247 cells. Everything that decides
// what is allowed when lives in this table; net/association carries the actions out.

#include <cstdint>
#include <optional>

namespace portcullis::ul {

/// PS3.8 table 9-1 to 9-5.
enum class State : std::uint8_t {
    sta1 = 1,
    sta2,
    sta3,
    sta4,
    sta5,
    sta6,
    sta7,
    sta8,
    sta9,
    sta10,
    sta11,
    sta12,
    sta13
};

/// The rows of PS3.8 table 9-10.
enum class Event : std::uint8_t {
    associate_request = 1,  // 1  A-ASSOCIATE request (local user)
    transport_confirmed,    // 2  transport connect confirmation
    associate_ac_received,  // 3
    associate_rj_received,  // 4
    transport_indication,   // 5  transport connection indication
    associate_rq_received,  // 6
    associate_accept,       // 7  A-ASSOCIATE response, accept
    associate_reject,       // 8  A-ASSOCIATE response, reject
    data_request,           // 9  P-DATA request
    data_received,          // 10 P-DATA-TF PDU
    release_request,        // 11 A-RELEASE request
    release_rq_received,    // 12
    release_rp_received,    // 13
    release_response,       // 14 A-RELEASE response
    abort_request,          // 15 A-ABORT request
    abort_received,         // 16
    transport_closed,       // 17
    artim_expired,          // 18
    invalid_pdu_received,   // 19
};

/// PS3.8 tables 9-6 to 9-9.
enum class Action : std::uint8_t {
    ae1,
    ae2,
    ae3,
    ae4,
    ae5,
    ae6,
    ae7,
    ae8,
    dt1,
    dt2,
    ar1,
    ar2,
    ar3,
    ar4,
    ar5,
    ar6,
    ar7,
    ar8,
    ar9,
    ar10,
    aa1,
    aa2,
    aa3,
    aa4,
    aa5,
    aa6,
    aa7,
    aa8,
};

struct Transition {
    Action action;
    State next;  // for ae6: when the request is acceptable; for ar8: when we requested the association
    State
        alternative;  // for ae6: Sta13 when it is not; for ar8: Sta10 when we accepted; else the same as next
    bool operator==(const Transition&) const = default;
};

/// The cell of table 9-10, or nothing where the standard leaves it empty (a local error: the event cannot
/// occur).
std::optional<Transition> transition(State, Event);

}  // namespace portcullis::ul
