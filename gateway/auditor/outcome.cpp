#include "gateway/auditor/outcome.hpp"

#include <charconv>

#include "gateway/dimse/status.hpp"

namespace portcullis::auditor {

bool succeeded(std::string_view text) {
    std::uint16_t status = 0;
    const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), status, 16);
    if (text.empty() || error != std::errc{} || stop != text.data() + text.size()) return false;
    return status == dimse::status::success || status == dimse::status::cancelled ||
           dimse::status::is_warning(status);
}

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
    return succeeded(status) ? Outcome::success : Outcome::failure;
}

}  // namespace portcullis::auditor
