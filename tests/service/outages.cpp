// What is told of a repository that is away.

#include "gateway/service/outages.hpp"

#include <catch2/catch.hpp>

using namespace portcullis::service;
using namespace std::chrono_literals;
using Told = Outages::Told;

namespace {
const Outages::Time start = Outages::Time() + 1000h;
}

TEST_CASE("that a repository is away is told once, however often it is tried") {
    Outages outages;
    CHECK(outages.failed(start) == Told::in_log_and_audit);
    for (int hour = 0; hour < 100; ++hour) CHECK(outages.failed(start + hour * 1h) == Told::nothing);
    CHECK(outages.away());
    CHECK(outages.arrived() == Told::in_log_and_audit);
    CHECK_FALSE(outages.away());
    CHECK(outages.arrived() == Told::nothing);
}

TEST_CASE("one that comes and goes is audited once in an hour, and is in the log each time") {
    Outages outages;
    outages.failed(start);
    outages.arrived();
    CHECK(outages.failed(start + 1min) == Told::in_log);
    CHECK(outages.arrived() == Told::in_log);
    CHECK(outages.failed(start + 59min) == Told::in_log);
    CHECK(outages.arrived() == Told::in_log);
    CHECK(outages.failed(start + 60min) == Told::in_log_and_audit);
    CHECK(outages.arrived() == Told::in_log_and_audit);
}
