// Against the words and the examples of RFC 5424, RFC 5425 and RFC 6587.

#include <catch2/catch.hpp>

#include "gateway/syslog/message.hpp"

using namespace portcullis::syslog;
using Catch::Matchers::Contains;
using Catch::Matchers::EndsWith;
using Catch::Matchers::StartsWith;

namespace {

Message sample() {
    return {Severity::notice, "2003-10-11T22:14:15.003Z", "mymachine.example.com", "su", "ID47",
            "all is well"};
}

}  // namespace

TEST_CASE("a message is laid out as in the examples of RFC 5424 6.5") {
    // Example 1, but for its facility (auth, 4) and severity (critical, 2): ours are those of audit messages.
    CHECK(encode(sample()) ==
          "<85>1 2003-10-11T22:14:15.003Z mymachine.example.com su - ID47 - \xEF\xBB\xBF"
          "all is well");
}

TEST_CASE("the priority is eight times the facility, and the severity") {
    auto message = sample();
    message.severity = Severity::warning;
    CHECK_THAT(encode(message), StartsWith("<84>1 "));
    message.severity = Severity::alert;
    CHECK_THAT(encode(message), StartsWith("<81>1 "));
}

TEST_CASE("the header holds visible ASCII only, within the lengths of RFC 5424 6") {
    auto message = sample();
    message.hostname = "gate 1 \xC3\xA9\n";
    message.app_name = std::string(60, 'a');
    message.msgid = "";
    CHECK_THAT(encode(message), Contains(" gate_1____ " + std::string(48, 'a') + " - - - "));
    message.hostname = std::string(300, 'h');
    CHECK_THAT(encode(message), Contains(" " + std::string(255, 'h') + " "));
}

TEST_CASE("the text is what was given, whatever it is") {
    auto message = sample();
    message.text = "<Ä ]\\\">\n\x01";
    CHECK_THAT(encode(message), EndsWith("\xEF\xBB\xBF<Ä ]\\\">\n\x01"));
}

TEST_CASE("on a stream a message stands behind its length in octets") {
    CHECK(octet_counted("<34>1 2003-10-11T22:14:15Z a b - - -") == "36 <34>1 2003-10-11T22:14:15Z a b - - -");
    CHECK(octet_counted("é") == "2 é");  // octets, not characters
}
