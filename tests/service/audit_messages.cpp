// The syslog message of an audit record.

#include "gateway/service/audit_messages.hpp"

#include <catch2/catch.hpp>

using namespace portcullis;
using namespace portcullis::service;
using Catch::Matchers::EndsWith;
using Catch::Matchers::StartsWith;

namespace {

const audit::Reporter reporter{"gate 1", *AeTitle::parse("PORTCULLIS")};

audit::Logged logged(const std::string& event,
                     std::vector<std::pair<std::string, audit::Value>> values = {}) {
    return {7, "2026-03-28T10:11:12.345Z", audit::Record(event, std::move(values))};
}

std::string priority(const audit::Logged& record) {
    const auto message = syslog_message(record, reporter).value();
    return message.substr(0, message.find('>') + 1);
}

}  // namespace

TEST_CASE("a message is the PS3.15 message of the record, under its time and the id of the gateway") {
    const auto record = logged("start", {{"gateway", std::string("gate 1")}});
    const auto message = syslog_message(record, reporter).value();
    CHECK_THAT(message, StartsWith("<85>1 2026-03-28T10:11:12.345Z gate_1 portcullis - DICOM+RFC3881 - "
                                   "\xEF\xBB\xBF<AuditMessage"));
    CHECK_THAT(message, EndsWith(audit::atna_message(record, reporter).value()));
    CHECK(syslog_message(record, reporter) == message);
}

TEST_CASE("alerts are alerts, and what was refused or failed is a warning") {
    CHECK(priority(logged("alert", {{"reason", std::string("tampered")}})) == "<81>");
    CHECK(priority(logged("refusal", {{"reason", std::string("policy")}})) == "<84>");
    CHECK(priority(logged("failure",
                          {{"reason", std::string("tls")}, {"address", std::string("10.0.1.7")}})) == "<84>");
    CHECK(priority(logged("reload", {{"outcome", std::string("failed")}})) == "<84>");
    const auto store = [](const std::string& status) {
        return logged("store", {{"phase", std::string("outcome")},
                                {"archive", std::string("main")},
                                {"sop_instance", std::string("1.2")},
                                {"study", std::string("1.2.3")},
                                {"status", status}});
    };
    CHECK(priority(store("A700")) == "<84>");
    CHECK(priority(store("unknown")) == "<84>");
    for (const auto* status : {"0000", "B000", "FE00"}) CHECK(priority(store(status)) == "<85>");
}

TEST_CASE("a record that has no message of PS3.15 has none of syslog") {
    CHECK_FALSE(syslog_message(logged("store", {{"phase", std::string("intent")}}), reporter));
}
