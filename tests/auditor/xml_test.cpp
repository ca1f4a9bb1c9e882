#include "gateway/auditor/xml.hpp"

#include <catch2/catch.hpp>

#include "tests/auditor/log.hpp"

using namespace portcullis;
using namespace portcullis::auditor;
using Catch::EndsWith;
using Catch::StartsWith;

TEST_CASE("A record's message is a line of the document, and one without a message is none") {
    const audit::Reporter reporter{"gate-1", *AeTitle::parse("PORTCULLIS")};
    const auto start = test::logged({"start", {{"gateway", "gate-1"}}});
    const auto line = xml_line(start, reporter);
    REQUIRE(line);
    CHECK(*line == audit::atna_message(start, reporter).value() + "\n");
    CHECK_THAT(*line, StartsWith("<AuditMessage>") && EndsWith("</AuditMessage>\n"));
    CHECK(line->find('\n') == line->size() - 1);
    CHECK_FALSE(xml_line(test::logged({"store", {{"phase", "intent"}}}), reporter));
    CHECK(xml_head() + xml_end() ==
          "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<AuditMessages>\n</AuditMessages>\n");
}
