#include "gateway/audit/atna_message.hpp"

#include "gateway/audit/xml.hpp"
#include "gateway/base/base64.hpp"

namespace portcullis::audit::atna {

namespace {

constexpr std::string_view application_server_process = "4";  // AuditSourceTypeCode, PS3.15 A.5.1.2.1
constexpr std::string_view ip_address = "2";                  // NetworkAccessPointTypeCode
constexpr std::string_view no_id = "<none>";
constexpr std::size_t longest_detail = 16 * 1024;  // bytes before base64

std::string number(auto value) {
    return std::to_string(static_cast<int>(value));
}

std::string_view truth(bool value) {
    return value ? "true" : "false";
}

void write(XmlWriter& xml, std::string_view element, const Code& code) {
    xml.open(element)
        .attribute("csd-code", code.value)
        .attribute("codeSystemName", code.system)
        .attribute("originalText", code.meaning)
        .close();
}

void write_event(XmlWriter& xml, const Message& message) {
    xml.open("EventIdentification")
        .attribute("EventActionCode", std::string(1, static_cast<char>(message.action)))
        .attribute("EventDateTime", message.time)
        .attribute("EventOutcomeIndicator", number(message.outcome));
    write(xml, "EventID", message.event);
    if (message.type) write(xml, "EventTypeCode", *message.type);
    if (!message.outcome_description.empty())
        xml.open("EventOutcomeDescription").text(message.outcome_description).close();
    xml.close();
}

void write(XmlWriter& xml, const Participant& participant) {
    xml.open("ActiveParticipant").attribute("UserID", participant.user_id);
    if (!participant.ae_title.empty()) xml.attribute("AlternativeUserID", "AETITLES=" + participant.ae_title);
    xml.attribute("UserIsRequestor", truth(participant.requestor));
    if (!participant.address.empty())
        xml.attribute("NetworkAccessPointID", participant.address)
            .attribute("NetworkAccessPointTypeCode", ip_address);
    if (participant.role) write(xml, "RoleIDCode", *participant.role);
    xml.close();
}

void write(XmlWriter& xml, const Instances& instances) {
    xml.open("SOPClass");
    if (!instances.sop_class.empty()) xml.attribute("UID", instances.sop_class);
    xml.attribute("NumberOfInstances", std::to_string(instances.number));
    if (!instances.instance.empty()) xml.open("Instance").attribute("UID", instances.instance).close();
    xml.close();
}

void write_description(XmlWriter& xml, const Object& object) {
    if (!object.instances && !object.encrypted) return;
    xml.open("ParticipantObjectDescription");
    if (object.instances) write(xml, *object.instances);
    if (object.encrypted) xml.open("Encrypted").text(truth(*object.encrypted)).close();
    xml.close();
}

void write(XmlWriter& xml, const Detail& detail) {
    const auto value = as_bytes(detail.value).first(std::min(detail.value.size(), longest_detail));
    xml.open("ParticipantObjectDetail")
        .attribute("type", detail.type)
        .attribute("value", base64(value))
        .close();
}

void write(XmlWriter& xml, const Object& object) {
    xml.open("ParticipantObjectIdentification")
        .attribute("ParticipantObjectID", object.id.empty() ? no_id : object.id)
        .attribute("ParticipantObjectTypeCode", number(object.type))
        .attribute("ParticipantObjectTypeCodeRole", number(object.role));
    write(xml, "ParticipantObjectIDTypeCode", object.id_type);
    if (object.query.empty())
        xml.open("ParticipantObjectName").text(object.name).close();
    else
        xml.open("ParticipantObjectQuery").text(object.query).close();
    for (const auto& detail : object.details) write(xml, detail);
    write_description(xml, object);
    xml.close();
}

}  // namespace

std::string written(const Message& message, const std::string& source) {
    XmlWriter xml;
    xml.open("AuditMessage");
    write_event(xml, message);
    for (const auto& participant : message.participants) write(xml, participant);
    xml.open("AuditSourceIdentification").attribute("AuditSourceID", source);
    xml.open("AuditSourceTypeCode").attribute("csd-code", application_server_process).close();
    xml.close();
    for (const auto& object : message.objects) write(xml, object);
    return xml.close().str();
}

}  // namespace portcullis::audit::atna
