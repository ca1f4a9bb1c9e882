#include "atna_summary.hpp"

#include <cstdint>
#include <string_view>

namespace portcullis::audit {

namespace {

std::string text(xmlChar* owned) {
    const std::string copy = owned ? reinterpret_cast<const char*>(owned) : "";
    xmlFree(owned);
    return copy;
}

std::string_view name(const xmlNode* node) {
    return reinterpret_cast<const char*>(node->name);
}

std::string attribute(const xmlNode* node, const char* name) {
    return text(xmlGetProp(node, reinterpret_cast<const xmlChar*>(name)));
}

/// The elements of this name within.
std::vector<xmlNode*> all(const xmlNode* parent, std::string_view wanted) {
    std::vector<xmlNode*> found;
    for (auto* child = parent ? parent->children : nullptr; child; child = child->next)
        if (child->type == XML_ELEMENT_NODE && name(child) == wanted) found.push_back(child);
    return found;
}

xmlNode* one(const xmlNode* parent, std::string_view wanted) {
    const auto found = all(parent, wanted);
    return found.empty() ? nullptr : found.front();
}

std::string content(const xmlNode* parent, std::string_view wanted) {
    const auto* node = one(parent, wanted);
    return node ? text(xmlNodeGetContent(node)) : "";
}

std::string code(const xmlNode* parent, std::string_view wanted) {
    const auto* node = one(parent, wanted);
    return node ? attribute(node, "csd-code") + " " + attribute(node, "originalText") : "";
}

std::string from_base64(std::string_view encoded) {
    constexpr std::string_view digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    std::string plain;
    std::uint32_t bits = 0;
    int count = 0;
    for (const char c : encoded.substr(0, encoded.find('='))) {
        bits = bits << 6 | static_cast<std::uint32_t>(digits.find(c));
        if ((count += 6) < 8) continue;
        count -= 8;
        plain += static_cast<char>(bits >> count & 0xff);
    }
    return plain;
}

/// In one line.
std::string escaped(std::string text) {
    for (std::size_t at = 0; (at = text.find('\n', at)) != std::string::npos;) text.replace(at, 1, "\\n");
    return text;
}

std::string with(const std::string& before, const std::string& value) {
    return value.empty() ? "" : before + value;
}

std::string event(const xmlNode* node) {
    return attribute(node, "EventActionCode") + " " + code(node, "EventID") +
           with(", ", code(node, "EventTypeCode")) + ", outcome " + attribute(node, "EventOutcomeIndicator") +
           with(": ", content(node, "EventOutcomeDescription"));
}

std::string participant(const xmlNode* node) {
    return attribute(node, "UserID") + with(" ", attribute(node, "AlternativeUserID")) +
           with(" at ", attribute(node, "NetworkAccessPointID")) + with(", ", code(node, "RoleIDCode")) +
           (attribute(node, "UserIsRequestor") == "true" ? ", requestor" : "");
}

std::string object(const xmlNode* node) {
    std::string line = "(" + attribute(node, "ParticipantObjectTypeCode") + "," +
                       attribute(node, "ParticipantObjectTypeCodeRole") + ") " +
                       code(node, "ParticipantObjectIDTypeCode") + " " +
                       attribute(node, "ParticipantObjectID") +
                       with(", named ", content(node, "ParticipantObjectName")) +
                       with(", query ", content(node, "ParticipantObjectQuery"));
    const auto* description = one(node, "ParticipantObjectDescription");
    for (const auto* sop_class : all(description, "SOPClass")) {
        line += ", " + attribute(sop_class, "NumberOfInstances") + with(" of ", attribute(sop_class, "UID"));
        for (const auto* instance : all(sop_class, "Instance"))
            line += with(": ", attribute(instance, "UID"));
    }
    return line + with(", encrypted ", content(description, "Encrypted"));
}

}  // namespace

std::vector<std::string> summary(const XmlDocument& message) {
    const auto* root = message.root();
    std::vector<std::string> lines{event(one(root, "EventIdentification"))};
    for (const auto* node : all(root, "ActiveParticipant")) lines.push_back("  " + participant(node));
    for (const auto* node : all(root, "ParticipantObjectIdentification")) {
        lines.push_back("  " + object(node));
        for (const auto* detail : all(node, "ParticipantObjectDetail"))
            lines.push_back("    " + attribute(detail, "type") + " = " +
                            escaped(from_base64(attribute(detail, "value"))));
    }
    return lines;
}

}  // namespace portcullis::audit
