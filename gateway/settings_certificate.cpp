// certificate of peers, of rules and of what an archive opens: what it must say.

#include "gateway/settings_parts.hpp"

namespace portcullis::settings {

namespace {

std::optional<AlternativeName> read_alternative_name(const Value& value) {
    const auto text = read_text(value);
    if (!text) return std::nullopt;
    auto name = AlternativeName::parse(*text);
    if (!name)
        value.refuse(in_quotes(*text) + " is no name of a certificate",
                     "write a host name, an address, or '*.' and a domain for any one label");
    return name;
}

std::optional<std::string> read_subject(const Value& value) {
    const auto text = read_text(value);
    if (!text) return std::nullopt;
    if (text->find('=') != std::string::npos) return text;
    value.refuse(in_quotes(*text) + " is no subject",
                 "write all of it, as openssl x509 -noout -subject -nameopt RFC2253 prints it");
    return std::nullopt;
}

/// 64 digits, with or without the colons of openssl x509 -fingerprint -sha256.
std::optional<std::string> read_fingerprint(const Value& value) {
    const auto text = read_text(value);
    if (!text) return std::nullopt;
    std::string digits;
    for (const char c : *text) {
        if (c == ':') continue;
        digits += c >= 'A' && c <= 'F' ? static_cast<char>(c - 'A' + 'a') : c;
    }
    if (digits.size() == 64 && digits.find_first_not_of("0123456789abcdef") == std::string::npos)
        return digits;
    value.refuse(in_quotes(*text) + " is no SHA-256",
                 "write, in quotes, what openssl x509 -noout -fingerprint -sha256 prints");
    return std::nullopt;
}

std::optional<CertificateCondition> read_condition(const Value& value) {
    CertificateCondition made;
    Section section(value);
    section.read("san", made.san, read_alternative_name);
    section.read("subject", made.subject, read_subject);
    section.read("fingerprint", made.fingerprint, read_fingerprint);
    section.finish();
    if (value.node->kind == Node::Kind::mapping && value.node->keys.empty())
        value.refuse("any certificate would do", "add san, subject or fingerprint");
    return made;
}

}  // namespace

std::vector<CertificateCondition> read_certificates(Section& section) {
    std::vector<CertificateCondition> all;
    section.read_list("certificate", most_items, all, read_condition);
    return all;
}

}  // namespace portcullis::settings
