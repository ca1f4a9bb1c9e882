#include "gateway/service/judged.hpp"

namespace portcullis::service {

Judged::Judged(std::shared_ptr<const Access> access, policy::Request request,
               std::shared_ptr<const Certificate> certificate)
    : access_(std::move(access)), certificate_(std::move(certificate)), request_(std::move(request)) {
    request_.certificate = certificate_.get();
    judgement_ = access_->policy.judge(request_);
}

policy::Request Judged::about(const policy::Object& object) const {
    auto request = request_;
    request.object = object;
    return request;
}

policy::Judgement Judged::judge(const policy::Object& object) const {
    return decided() ? judgement_ : access_->policy.judge_again(judgement_, about(object));
}

policy::Verdict Judged::decide(const policy::Object& object) const {
    const auto judged = judge(object);
    if (judged.decided()) return judged.verdict();
    auto known = object;
    known.complete = true;
    return judge(known).verdict();
}

Judged Judged::with_broken_glass() const {
    auto request = request_;
    request.break_glass = true;
    return {access_, std::move(request), certificate_};
}

policy::Object object_of(const image::Identifiers& known, const Uid& sop_class) {
    policy::Object object{sop_class, {}, {}, true};
    if (!known.modality.empty()) object.modality = known.modality;
    object.institutions.emplace();
    for (const auto* name : {&known.institution, &known.department})
        if (!name->empty()) object.institutions->push_back(*name);
    return object;
}

std::string outlook(const policy::Judgement& judgement) {
    return judgement.decided() ? std::string(policy::name(judgement.verdict().decision)) : "depends";
}

std::string listed(const std::vector<policy::Condition>& conditions) {
    std::string names;
    for (const auto condition : conditions)
        names += (names.empty() ? "" : ", ") + std::string(policy::name(condition));
    return names;
}

}  // namespace portcullis::service
