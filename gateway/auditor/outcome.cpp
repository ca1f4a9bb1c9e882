#include "gateway/auditor/outcome.hpp"

#include "gateway/audit/status.hpp"

namespace portcullis::auditor {

Outcome outcome_of(const audit::Logged& logged) {
    const auto& event = logged.record.event;
    if (event == "alert") return Outcome::alert;
    if (event == "refusal") return Outcome::refused;
    if (event == "failure") return Outcome::failure;
    if (event == "observe") return Outcome::none;  // whatever would have been: nothing was refused
    const auto said = logged.text("outcome");
    if (said == "rejected" || said == "turned away") return Outcome::refused;
    if (said == "aborted" || said == "failed") return Outcome::failure;
    if (!said.empty()) return Outcome::success;
    const auto status = logged.text("status");
    if (status.empty()) return Outcome::none;
    return audit::kind_of_status(status) == audit::StatusKind::failure ? Outcome::failure : Outcome::success;
}

}  // namespace portcullis::auditor
