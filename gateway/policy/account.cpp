#include "gateway/policy/account.hpp"

#include <algorithm>
#include <iterator>

namespace portcullis::policy {

void Account::advance(Seconds now) {
    while (!buckets_.empty() && buckets_.back().begin > now) {
        const auto future = buckets_.back();
        buckets_.pop_back();
        usage_.objects -= future.objects;
        usage_.bytes -= future.bytes;
        add_to_bucket(now, future.objects, future.bytes);
    }
    for (auto use = last_use_.rbegin(); use != last_use_.rend() && use->at > now; ++use) use->at = now;
    while (!buckets_.empty() && buckets_.front().begin + width() + window_ <= now) {
        usage_.objects -= buckets_.front().objects;
        usage_.bytes -= buckets_.front().bytes;
        buckets_.pop_front();
    }
    while (!last_use_.empty() && last_use_.front().at + window_ < now) {
        studies_.erase(last_use_.front().study);
        last_use_.pop_front();
        --usage_.studies;
    }
}

/// What is in a bucket may be as young as its end.
void Account::fit(Seconds window) {
    if (window == window_) return;
    const auto age = width() - 1;
    window_ = window;
    usage_.objects = usage_.bytes = 0;
    for (const auto& bucket : std::exchange(buckets_, {}))
        add_to_bucket(bucket.begin + age, bucket.objects, bucket.bytes);
}

void Account::add(const Spent& spent, Seconds at) {
    if (spent.objects > 0 || spent.bytes > 0) add_to_bucket(at, spent.objects, spent.bytes);
    if (!spent.study.empty()) use(spent.study, at);
}

/// Nearly always into the last one.
void Account::add_to_bucket(Seconds at, std::uint64_t objects, std::uint64_t bytes) {
    const Seconds begin = at - at % width();
    auto place = buckets_.end();
    while (place != buckets_.begin() && std::prev(place)->begin > begin) --place;
    if (place != buckets_.begin() && std::prev(place)->begin == begin) {
        --place;
        place->objects += objects;
        place->bytes += bytes;
    } else {
        buckets_.insert(place, {begin, objects, bytes});
    }
    usage_.objects += objects;
    usage_.bytes += bytes;
}

void Account::use(const std::string& study, Seconds at) {
    const Seconds last = last_use_.empty() ? at : std::max(at, last_use_.back().at);
    if (const auto known = studies_.find(study); known != studies_.end()) {
        known->second->at = last;
        last_use_.splice(last_use_.end(), last_use_, known->second);
        return;
    }
    studies_.emplace(study, last_use_.insert(last_use_.end(), {study, last}));
    ++usage_.studies;
}

}  // namespace portcullis::policy
