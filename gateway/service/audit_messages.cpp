#include "gateway/service/audit_messages.hpp"

#include "gateway/audit/status.hpp"
#include "gateway/syslog/message.hpp"

namespace portcullis::service {

namespace {

syslog::Severity severity_of(const audit::Logged& logged) {
    const auto& event = logged.record.event;
    if (event == "alert") return syslog::Severity::alert;
    const auto status = logged.text("status");
    const bool failed = (!status.empty() && audit::kind_of_status(status) == audit::StatusKind::failure) ||
                        logged.text("outcome") == "failed";
    if (failed || event == "refusal" || event == "failure" || event == "warning")
        return syslog::Severity::warning;
    return syslog::Severity::notice;
}

}  // namespace

std::optional<std::string> syslog_message(const audit::Logged& logged, const audit::Reporter& reporter) {
    auto xml = audit::atna_message(logged, reporter);
    if (!xml) return std::nullopt;
    return syslog::encode({severity_of(logged), logged.time, reporter.gateway_id, "portcullis",
                           "DICOM+RFC3881", std::move(*xml)});
}

}  // namespace portcullis::service
