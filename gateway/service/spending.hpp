#pragma once
// What was opened for whom, against the budgets of the policy. It is charged before a byte leaves, and what
// left stays charged, whatever became of it. Pushes are not counted: nobody asks for them.
//
// A start takes what was spent from the audit log (spending_recall.cpp): the records of what was opened name
// who asked, the rule, the study and the bytes. Studies are counted by their name there.

#include <chrono>
#include <filesystem>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "gateway/admin/metrics.hpp"
#include "gateway/audit/reader.hpp"
#include "gateway/audit/scribe.hpp"
#include "gateway/journal/journal.hpp"
#include "gateway/policy/budgets.hpp"
#include "gateway/service/access.hpp"

namespace portcullis::service {

/// Rounded down.
policy::Seconds since_1970(std::chrono::system_clock::time_point);

/// Thread-safe.
class Spending {
  public:
    Spending(const CurrentAccess& access, journal::Journal& journal, const audit::Scribe& scribe,
             admin::Metrics& metrics)
        : access_(access), journal_(journal), scribe_(scribe), metrics_(metrics) {}

    /// Nothing, and charged; or why not. Of a budget that is crossed the audit has an alert then.
    std::optional<policy::Exceeded> charge(const policy::Spender&, policy::Spent);
    /// Why one object more would not be charged, whatever its size; `study`: empty while that is not known.
    std::optional<policy::Exceeded> look(const policy::Spender&, const std::string& study = {});

    /// Before anything is charged.
    void recall(const std::filesystem::path& audit_folder);

    void grant(policy::Grant);
    std::vector<policy::Grant> grants();
    /// One account of a budget, as far as it is used or something is granted to it.
    struct Account {
        policy::Subject subject;
        policy::Usage used;
        policy::Allowance limits;
    };
    std::vector<Account> accounts(const policy::Budget&);

  private:
    std::optional<policy::Exceeded> report(const policy::Spender&, std::vector<policy::Exceeded>);
    void recall(const audit::Logged& record, policy::Seconds now);

    const CurrentAccess& access_;
    journal::Journal& journal_;
    const audit::Scribe& scribe_;
    admin::Metrics& metrics_;
    std::mutex mutex_;
    policy::Accounts accounts_;
};

/// What the audit says of a subject: "peer" or "user", and its name.
std::pair<std::string, audit::Value> named(const policy::Subject&);

/// "objects: 50 of 50 in 3600 s": no patient data.
std::string describe(const policy::Exceeded&);

}  // namespace portcullis::service
