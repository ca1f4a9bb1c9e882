// The messages of all kinds of records, as the service writes them: atna_messages.txt has a name, the record
// and what its message says, block by block.

#include "gateway/audit/atna.hpp"

#include <catch2/catch.hpp>
#include <sstream>

#include "atna_summary.hpp"
#include "fixture.hpp"

using namespace portcullis;
using namespace portcullis::audit;

namespace {

const std::string folder = PORTCULLIS_SOURCE_DIR "/tests/audit";
const Reporter reporter{"gate-1", *AeTitle::parse("PORTCULLIS")};

struct Case {
    std::string name;
    std::string record;
    std::string says;  // lines; "no message" if there is none
};

std::vector<Case> cases() {
    std::istringstream file(content(folder + "/atna_messages.txt"));
    std::vector<Case> cases;
    for (std::string line; std::getline(file, line);) {
        if (line.starts_with("# ")) {
            cases.push_back({line.substr(2), "", ""});
            std::getline(file, cases.back().record);
        } else if (!line.empty()) {
            cases.back().says += line + '\n';
        }
    }
    return cases;
}

std::optional<std::string> message_of(const std::string& record) {
    const auto logged = parse(record);
    REQUIRE(logged);
    return atna_message(*logged, reporter);
}

std::string joined(const std::vector<std::string>& lines) {
    std::string text;
    for (const auto& line : lines) text += line + '\n';
    return text;
}

const std::string stored =
    R"({"seq":7,"time":"2026-03-01T09:15:02.250Z","event":"store","calling_ae":"CT1","address":"10.0.3.7",)"
    R"("archive":"main","sop_class":"1.2.840.10008.5.1.4.1.1.2","sop_instance":"1.2.3.4","phase":"outcome",)"
    R"("status":"0000","envelope":"00ff","study":"1.2.3","patient_id":"P1"})";

}  // namespace

TEST_CASE("Each kind of record has the message that the table says") {
    const auto all = cases();
    CHECK(all.size() > 60);
    for (const auto& one : all) {
        INFO(one.name);
        const auto message = message_of(one.record);
        CHECK((message ? joined(summary(XmlDocument(*message))) : "no message\n") == one.says);
    }
}

TEST_CASE("Every message is valid by the schema of PS3.15 A.5.1, one line, and the same each time") {
    const Schema schema(folder + "/atna.rng");
    for (const auto& one : cases()) {
        INFO(one.name);
        const auto message = message_of(one.record);
        if (!message) continue;
        CHECK(schema.refusal(XmlDocument(*message)) == "");
        CHECK(message->find('\n') == std::string::npos);
        CHECK(message_of(one.record) == message);
    }
}

TEST_CASE("Two records never have the same message") {
    auto again = stored;
    again.replace(again.find("\"seq\":7"), 7, "\"seq\":8");
    CHECK(message_of(stored) != message_of(again));
}

TEST_CASE("The bytes of a message are these") {
    CHECK(
        message_of(stored) ==
        R"(<AuditMessage><EventIdentification EventActionCode="R" EventDateTime="2026-03-01T09:15:02.250Z" )"
        R"(EventOutcomeIndicator="0"><EventID csd-code="110104" codeSystemName="DCM" )"
        R"(originalText="DICOM Instances Transferred"/></EventIdentification>)"
        R"(<ActiveParticipant UserID="CT1" AlternativeUserID="AETITLES=CT1" UserIsRequestor="true" )"
        R"(NetworkAccessPointID="10.0.3.7" NetworkAccessPointTypeCode="2">)"
        R"(<RoleIDCode csd-code="110153" codeSystemName="DCM" originalText="Source Role ID"/>)"
        R"(</ActiveParticipant><ActiveParticipant UserID="main" UserIsRequestor="false">)"
        R"(<RoleIDCode csd-code="110152" codeSystemName="DCM" originalText="Destination Role ID"/>)"
        R"(</ActiveParticipant><ActiveParticipant UserID="gate-1" AlternativeUserID="AETITLES=PORTCULLIS" )"
        R"(UserIsRequestor="false"><RoleIDCode csd-code="110150" codeSystemName="DCM" )"
        R"(originalText="Application"/></ActiveParticipant><AuditSourceIdentification AuditSourceID="gate-1">)"
        R"(<AuditSourceTypeCode csd-code="4"/></AuditSourceIdentification>)"
        R"(<ParticipantObjectIdentification ParticipantObjectID="1.2.3" ParticipantObjectTypeCode="2" )"
        R"(ParticipantObjectTypeCodeRole="3"><ParticipantObjectIDTypeCode csd-code="110180" )"
        R"(codeSystemName="DCM" originalText="Study Instance UID"/>)"
        R"(<ParticipantObjectName>1.2.3</ParticipantObjectName>)"
        R"(<ParticipantObjectDetail type="record" value="Nw=="/>)"
        R"(<ParticipantObjectDetail type="envelope" value="MDBmZg=="/><ParticipantObjectDescription>)"
        R"(<SOPClass UID="1.2.840.10008.5.1.4.1.1.2" NumberOfInstances="1"><Instance UID="1.2.3.4"/>)"
        R"(</SOPClass><Encrypted>true</Encrypted></ParticipantObjectDescription>)"
        R"(</ParticipantObjectIdentification><ParticipantObjectIdentification ParticipantObjectID="P1" )"
        R"(ParticipantObjectTypeCode="1" ParticipantObjectTypeCodeRole="1">)"
        R"(<ParticipantObjectIDTypeCode csd-code="2" codeSystemName="RFC-3881" )"
        R"(originalText="Patient Number"/><ParticipantObjectName/></ParticipantObjectIdentification>)"
        R"(</AuditMessage>)");
}

TEST_CASE("The schema refuses what the standard does not allow") {
    const Schema schema(folder + "/atna.rng");
    const auto good = *message_of(stored);
    const auto refused = [&](const std::string& what, const std::string& instead) {
        auto bad = good;
        REQUIRE(bad.find(what) != std::string::npos);
        bad.replace(bad.find(what), what.size(), instead);
        INFO(what << " -> " << instead);
        CHECK(schema.refusal(XmlDocument(bad)) != "");
    };
    refused("EventOutcomeIndicator=\"0\"", "EventOutcomeIndicator=\"1\"");
    refused("EventActionCode=\"R\"", "EventActionCode=\"X\"");
    refused(" EventDateTime=\"2026-03-01T09:15:02.250Z\"", "");
    refused("2026-03-01T09:15:02.250Z", "yesterday");
    refused("csd-code=\"110104\"", "code=\"110104\"");
    refused("UserIsRequestor=\"true\"", "UserIsRequestor=\"yes\"");
    refused("<ParticipantObjectName>1.2.3</ParticipantObjectName>", "");
    refused("value=\"Nw==\"", "value=\"Nw\"");
    refused("<AuditSourceIdentification AuditSourceID=\"gate-1\">", "<AuditSourceIdentification>");
    refused("NetworkAccessPointTypeCode=\"2\"", "NetworkAccessPointTypeCode=\"6\"");
    // An element of its own, and not an attribute as in some implementations.
    refused("<ParticipantObjectDescription>", "<ParticipantObjectDescription Encrypted=\"true\">");
}

TEST_CASE("A message of values that are too long, too many, or no text is valid all the same") {
    const Schema schema(folder + "/atna.rng");
    Record record("store", {{"phase", "outcome"}, {"status", "0000"}});
    record.values.emplace_back("calling_ae", std::string(100'000, '&'));
    record.values.emplace_back("patient_id", std::string("\0\x1b\xff\xed\xa0\x80", 6));
    for (int i = 0; i < 200; ++i)
        record.values.emplace_back("n" + std::to_string(i), std::string(50'000, 'x'));
    const auto message = atna_message({1, "2026-03-01T09:15:02.250Z", record}, reporter);
    REQUIRE(message);
    CHECK(schema.refusal(XmlDocument(*message)) == "");
    CHECK(message->size() < 2 * 1024 * 1024);
}
