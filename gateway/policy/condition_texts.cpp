// What a condition compares, as text.

#include "gateway/policy/conditions.hpp"

namespace portcullis::policy {

namespace {

std::string text(const std::string& one) {
    return one;
}
std::string text(Operation one) {
    return std::string(name(one));
}
std::string text(const CertificateCondition& one) {
    std::string all;
    const auto add = [&](const std::string& key, const std::string& value) {
        all += (all.empty() ? "" : " and ") + key + ' ' + value;
    };
    if (one.san) add("san", one.san->str());
    if (one.subject) add("subject", *one.subject);
    if (one.fingerprint) add("fingerprint", *one.fingerprint);
    return all;
}
template <class T>
std::string text(const T& one) {
    return one.str();
}

template <class T>
std::string listed(const std::vector<T>& all) {
    std::string made;
    for (const T& one : all) made += (made.empty() ? "" : ", ") + text(one);
    return made;
}

std::string given_class(const Request& request) {
    if (request.object.sop_class) return request.object.sop_class->str();
    return request.sop_class ? request.sop_class->str() : "";
}

std::string given_certificate(const Certificate* certificate) {
    if (!certificate) return "";
    return "subject " + certificate->subject + ", fingerprint " + certificate->fingerprint;
}

}  // namespace

std::string wanted(Condition condition, const Rule& rule) {
    switch (condition) {
        case Condition::operation:
            return listed(rule.operations);
        case Condition::from:
            return listed(rule.from);
        case Condition::to:
            return listed(rule.to);
        case Condition::archive:
            return listed(rule.archives);
        case Condition::called:
            return listed(rule.called);
        case Condition::sop_class:
            return listed(rule.sop_classes);
        case Condition::modality:
            return listed(rule.modalities);
        case Condition::institution:
            return listed(rule.institutions);
        case Condition::user:
            return listed(rule.users);
        case Condition::network:
            return listed(rule.networks);
        case Condition::certificate:
            return listed(rule.certificates);
        case Condition::hours:
            return listed(rule.hours);
        case Condition::known:
            return "a peer that asks, a peer that receives, and no C-GET by an AE title alone";
    }
    return "";
}

std::string given(Condition condition, const Asked& asked) {
    const Request& request = asked.request;
    switch (condition) {
        case Condition::operation:
            return text(request.operation);
        case Condition::from:
            return asked.from;
        case Condition::to:
            return asked.to;
        case Condition::archive:
            return request.archive;
        case Condition::called:
            return request.called.str();
        case Condition::sop_class:
            return given_class(request);
        case Condition::modality:
            return request.object.modality.value_or("");
        case Condition::institution:
            return listed(request.object.institutions.value_or(std::vector<std::string>()));
        case Condition::user:
            return request.user.value_or("");
        case Condition::network:
            return request.address.str();
        case Condition::certificate:
            return given_certificate(request.certificate);
        case Condition::hours:
            return policy::text(request.at);
        case Condition::known:
            return (asked.from.empty() ? "a stranger" : asked.from) + " to " +
                   (asked.to.empty() ? "nobody known" : asked.to) + (request.back ? " by C-GET" : "");
    }
    return "";
}

}  // namespace portcullis::policy
