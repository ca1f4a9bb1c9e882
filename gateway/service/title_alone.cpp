#include "gateway/service/title_alone.hpp"

#include <utility>

namespace portcullis::service {

namespace {

std::chrono::sys_days day_of(std::chrono::system_clock::time_point time) {
    return std::chrono::floor<std::chrono::days>(time);
}

}  // namespace

std::chrono::system_clock::time_point next_utc_midnight(std::chrono::system_clock::time_point now) {
    return day_of(now) + std::chrono::days(1);
}

void TitleAlone::passed_on(const std::string& peer) {
    const std::lock_guard lock(mutex_);
    ++requests_[peer];
}

std::vector<audit::Record> TitleAlone::records(const std::vector<policy::Peer>& peers) {
    const std::lock_guard lock(mutex_);
    std::vector<audit::Record> records;
    for (const auto& peer : peers) {
        if (!peer.title_only) continue;
        records.push_back(audit::Record("warning", {{"reason", std::string("trust-ae-title-only")},
                                                    {"peer", peer.name},
                                                    {"requests", requests_[peer.name]}}));
    }
    requests_.clear();
    return records;
}

std::vector<audit::Record> TitleAlone::due(std::chrono::system_clock::time_point now,
                                           const std::vector<policy::Peer>& peers) {
    if (std::exchange(day_, day_of(now)) == day_of(now)) return {};
    return records(peers);
}

}  // namespace portcullis::service
