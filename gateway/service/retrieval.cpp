#include "gateway/service/retrieval.hpp"

#include <algorithm>

namespace portcullis::service {

void Retrieval::withhold(const Uid& sop_instance, bool counted_as_warning) {
    const std::lock_guard lock(mutex_);
    withheld_.instances.push_back(sop_instance);
    if (counted_as_warning) ++withheld_.counted_as_warning;
}

Retrieval::Withheld Retrieval::withheld() const {
    const std::lock_guard lock(mutex_);
    return withheld_;
}

std::uint16_t Retrieval::counted_as_warning() const {
    const std::lock_guard lock(mutex_);
    return withheld_.counted_as_warning;
}

void Retrieval::delivered(const Uid& sop_instance) {
    const std::lock_guard lock(mutex_);
    delivered_.push_back(sop_instance);
}

std::vector<Uid> Retrieval::delivered() const {
    const std::lock_guard lock(mutex_);
    return delivered_;
}

std::shared_ptr<Retrieval> Moves::begin(Retrieval::Request request, MessageId upstream) {
    const std::lock_guard lock(mutex_);
    const auto moves_under = [&](const AeTitle& title) {
        return std::count_if(in_flight_.begin(), in_flight_.end(),
                             [&](const auto& entry) { return entry.second->gateway_title() == title; });
    };
    const auto& titles = request.archive->move_titles;
    const auto& title = *std::min_element(
        titles.begin(), titles.end(),
        [&](const AeTitle& a, const AeTitle& b) { return moves_under(a) < moves_under(b); });
    auto retrieval = std::make_shared<Retrieval>(std::move(request), upstream, title);
    in_flight_[upstream] = retrieval;
    return retrieval;
}

void Moves::end(Retrieval& retrieval) {
    retrieval.end();
    const std::lock_guard lock(mutex_);
    const auto found = in_flight_.find(retrieval.upstream());
    if (found != in_flight_.end() && found->second.get() == &retrieval) in_flight_.erase(found);
}

std::vector<std::shared_ptr<Retrieval>> Moves::candidates(const AeTitle& called,
                                                          std::optional<MessageId> originator) const {
    const std::lock_guard lock(mutex_);
    std::vector<std::shared_ptr<Retrieval>> found;
    for (const auto& [upstream, retrieval] : in_flight_) {
        if (retrieval->gateway_title() == called && (!originator || *originator == upstream))
            found.push_back(retrieval);
    }
    return found;
}

std::vector<Uid> Moves::studies(const AeTitle& called) const {
    std::vector<Uid> all;
    for (const auto& retrieval : candidates(called, std::nullopt)) {
        const auto& studies = retrieval->request().scope.studies;
        if (studies.empty()) return {};
        all.insert(all.end(), studies.begin(), studies.end());
    }
    return all;
}

}  // namespace portcullis::service
