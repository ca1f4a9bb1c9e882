#pragma once
// Why it is decided so: what the policy itself looked at while it judged.

#include "gateway/policy/policy.hpp"

namespace portcullis::policy {

struct Unmet {
    Condition condition;
    Holds holds;         // no, or depends
    std::string wanted;  // by the rule
    std::string given;   // by the request; empty: nothing
};

struct ExplainedRule {
    std::string name;
    Decision decide;
    Holds holds;
    std::vector<Unmet> unmet;
};

struct Explanation {
    Judgement judged;
    std::vector<ExplainedRule> rules;  // as they were looked at, up to the one that decides
    std::size_t not_looked_at;         // rules behind it
};

/// Of a retrieval that nothing else opens: also by the rules that break the glass.
Explanation explain(const Policy&, const Request&);

}  // namespace portcullis::policy
