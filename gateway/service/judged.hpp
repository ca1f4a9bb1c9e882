#pragma once
// A request that was judged, with all that its objects are judged by. They are decided by the same Access,
// and as of the time of the request, once they say what they are.

#include <memory>

#include "gateway/image/identifiers.hpp"
#include "gateway/service/access.hpp"

namespace portcullis::service {

class Judged {
  public:
    /// `certificate` of the caller; nullptr: it showed none.
    Judged(std::shared_ptr<const Access> access, policy::Request request,
           std::shared_ptr<const Certificate> certificate);

    const policy::Judgement& judgement() const { return judgement_; }
    bool decided() const { return judgement_.decided(); }
    /// What it comes to for one of its objects.
    policy::Judgement judge(const policy::Object&) const;
    policy::Verdict decide(const policy::Object& = {}) const;
    /// The same, by the rules that break the glass.
    Judged with_broken_glass() const;
    const Access& access() const { return *access_; }
    /// When it was asked.
    const policy::LocalTime& at() const { return request_.at; }

  private:
    policy::Request about(const policy::Object&) const;

    std::shared_ptr<const Access> access_;
    std::shared_ptr<const Certificate> certificate_;  // which the request points to
    policy::Request request_;
    policy::Judgement judgement_;
};

/// An object of which nothing more will be known than what its data set has said.
policy::Object object_of(const image::Identifiers&, const Uid& sop_class);

/// In the metrics: the decision, or that there are several.
std::string outlook(const policy::Judgement&);
/// What it depends on, with commas.
std::string listed(const std::vector<policy::Condition>&);

}  // namespace portcullis::service
