// Of an object that is opened for somebody: what it costs.

#include "gateway/admin/log.hpp"
#include "gateway/dimse/status.hpp"
#include "gateway/service/delivery.hpp"

namespace portcullis::service {

Withheld Withheld::exceeding(const policy::Exceeded& exceeded) {
    return {over_budget, describe(exceeded), dimse::status::not_authorized, false};
}

/// Once it is known which rule opens it, for whom.
policy::Spender Delivery::spender() const {
    return {verdict_->from, counted_for()->request().user, verdict_->rule};
}

/// Nobody asks for what is pushed, and nobody can look at what stays sealed.
bool Delivery::is_bound() const {
    return operation() == policy::Operation::retrieve && !stays_sealed();
}

/// Early, so that no work is done for what will not leave, and while it can still go as it came: nothing of
/// it is opened yet, or it was never sealed. Only leave() is sure.
void Delivery::look_at_budgets(const std::string& study) {
    const auto retrieval = counted_for();
    if (!retrieval || !verdict_ || !is_bound() || charged_) return;
    const auto exceeded = services_.spending.look(spender(), study);
    if (!exceeded) return;
    if (exceeded->over == policy::Over::refuse || opener_) return withhold(Withheld::exceeding(*exceeded));
    decision_ = policy::Decision::sealed;
    budget_ = exceeded->budget;
}

bool Delivery::leave() {
    if (!is_bound()) return true;
    const auto& study = identifiers().study;
    return charged_ = charge({1, bytes_, study ? study->str() : ""});
}

bool Delivery::charge(const policy::Spent& spent) {
    const auto exceeded = services_.spending.charge(spender(), spent);
    if (!exceeded) return true;
    withhold(Withheld::exceeding(*exceeded));
    return false;
}

Delivery::~Delivery() {
    if (!charged_ || recorded_) return;
    try {
        auto outcome = record("outcome");
        outcome.values.emplace_back("status", std::string("unknown"));
        add_cost(outcome);
        note(services_, std::move(outcome));
    } catch (const std::exception& error) {
        admin::log(admin::Level::error, "outcome-not-recorded", {{"detail", error.what()}});
    }
}

/// For the audit, and for the next start.
void Delivery::add_cost(audit::Record& record) const {
    record.values.emplace_back("bytes", bytes_);
    if (charged_) record.values.emplace_back("charged", true);
}

}  // namespace portcullis::service
