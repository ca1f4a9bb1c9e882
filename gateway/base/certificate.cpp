#include "gateway/base/certificate.hpp"

#include <algorithm>

namespace portcullis {

namespace {

bool is_label_character(char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
}

/// Labels of 1 to 63 characters between dots.
bool is_host(std::string_view text) {
    if (text.size() > 253) return false;
    while (true) {
        const auto dot = text.find('.');
        const auto label = text.substr(0, dot);
        if (label.empty() || label.size() > 63 ||
            !std::all_of(label.begin(), label.end(), is_label_character))
            return false;
        if (dot == std::string_view::npos) return true;
        text.remove_prefix(dot + 1);
    }
}

std::string lower(std::string_view text) {
    std::string made(text);
    for (char& c : made)
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    return made;
}

template <class T>
bool holds_or_is_not_asked(const std::optional<T>& wanted, const T& value) {
    return !wanted || *wanted == value;
}

}  // namespace

std::optional<AlternativeName> AlternativeName::parse(std::string_view text) {
    AlternativeName name;
    name.address_ = IpAddress::parse(text);
    if (name.address_) return name;
    name.host_ = lower(text);
    name.wildcard_ = name.host_.starts_with("*.");
    if (name.wildcard_) name.host_.erase(0, 1);
    if (!is_host(std::string_view(name.host_).substr(name.wildcard_ ? 1 : 0))) return std::nullopt;
    return name;
}

bool AlternativeName::names(const Certificate& certificate) const {
    if (address_) {
        const auto& all = certificate.addresses;
        return std::find(all.begin(), all.end(), *address_) != all.end();
    }
    return std::any_of(certificate.names.begin(), certificate.names.end(), [&](const std::string& name) {
        const auto dot = wildcard_ ? name.find('.') : 0;
        return dot != std::string::npos && (!wildcard_ || dot > 0) && name.substr(dot) == host_;
    });
}

std::string AlternativeName::str() const {
    return address_ ? address_->str() : (wildcard_ ? "*" : "") + host_;
}

bool CertificateCondition::holds(const Certificate& certificate) const {
    return (!san || san->names(certificate)) && holds_or_is_not_asked(subject, certificate.subject) &&
           holds_or_is_not_asked(fingerprint, certificate.fingerprint);
}

bool any_holds(const std::vector<CertificateCondition>& conditions, const Certificate* certificate) {
    return certificate &&
           std::any_of(conditions.begin(), conditions.end(),
                       [&](const CertificateCondition& condition) { return condition.holds(*certificate); });
}

}  // namespace portcullis
