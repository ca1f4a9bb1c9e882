#include "gateway/policy/explain.hpp"

#include <utility>

#include "gateway/policy/conditions.hpp"

namespace portcullis::policy {

namespace {

class Notes final : public Witness {
  public:
    void unmet(const Rule& rule, Condition condition, Holds held, const Asked& asked) override {
        unmet_.push_back({condition, held, wanted(condition, rule), given(condition, asked)});
    }
    void looked_at(const Rule& rule, Holds held) override {
        rules.push_back({rule.name, rule.decide, held, std::exchange(unmet_, {})});
    }
    std::vector<ExplainedRule> rules;

  private:
    std::vector<Unmet> unmet_;
};

}  // namespace

Explanation explain(const Policy& policy, const Request& request) {
    Notes notes;
    auto judged = policy.judge(request, &notes);
    if (request.operation == Operation::retrieve && !judged.may(Decision::open)) {
        Request broken = request;
        broken.break_glass = true;
        auto opened = policy.judge(broken, &notes);
        if (opened.may(Decision::open)) judged = std::move(opened);
    }
    const auto left = policy.rules().size() - notes.rules.size();
    return {std::move(judged), std::move(notes.rules), left};
}

}  // namespace portcullis::policy
