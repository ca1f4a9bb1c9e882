#include "gateway/journal/applier.hpp"

#include <exception>
#include <iterator>

#include "gateway/base/give_way.hpp"

namespace portcullis::journal {

namespace {
/// Nice value of the thread: a scanner waits for a commit, and for the sinks only when they are far behind;
/// they would take the processor from the commit for some milliseconds.
constexpr int behind_the_others = 5;
}  // namespace

Applier::Applier(Sinks sinks, std::function<void(const std::string&)> failed)
    : sinks_(sinks), failed_(std::move(failed)), thread_([this] { run(); }) {}

Applier::~Applier() {
    finish();
}

void Applier::push(Work work) {
    std::unique_lock lock(mutex_);
    applied_.wait(lock, [this] { return backlog_ <= max_backlog || broken_; });
    if (broken_) return;
    backlog_ += work.registry.size() + work.audit.size();
    waiting_.push_back(std::move(work));
    if (waiting_.size() == 1 || backlog_ >= enough) pushed_.notify_one();
}

bool Applier::has_room() const {
    const std::lock_guard lock(mutex_);
    return backlog_ <= max_backlog;
}

void Applier::finish() {
    {
        const std::lock_guard lock(mutex_);
        finishing_ = true;
    }
    pushed_.notify_one();
    if (thread_.joinable()) thread_.join();
}

std::deque<Applier::Work> Applier::take() {
    std::unique_lock lock(mutex_);
    pushed_.wait(lock, [this] { return !waiting_.empty() || finishing_; });
    pushed_.wait_for(lock, gathering, [this] { return backlog_ >= enough || finishing_; });
    return std::exchange(waiting_, {});
}

void Applier::run() {
    give_way(behind_the_others);
    try {
        for (auto work = take(); !work.empty(); work = take()) apply(std::move(work));
        sinks_.registry.sync();
        sinks_.audit.sync();
    } catch (const std::exception& error) {
        {
            const std::lock_guard lock(mutex_);
            broken_ = true;
            waiting_.clear();
        }
        applied_.notify_all();
        failed_(error.what());
    }
}

// One call of each sink for all that waits, up to the end of a segment.
void Applier::apply(std::deque<Work> all) {
    const auto move_to = [](Entries& to, Entries& from) {
        to.insert(to.end(), std::make_move_iterator(from.begin()), std::make_move_iterator(from.end()));
    };
    Entries registry;
    Entries audit;
    for (auto& work : all) {
        move_to(registry, work.registry);
        move_to(audit, work.audit);
        if (work.retired.empty()) continue;
        apply_and_clear(registry, audit);
        sinks_.registry.sync();
        sinks_.audit.sync();
        std::filesystem::remove(work.retired);
    }
    apply_and_clear(registry, audit);
}

void Applier::apply_and_clear(Entries& registry, Entries& audit) {
    if (!registry.empty()) sinks_.registry.apply(registry);
    if (!audit.empty()) sinks_.audit.apply(audit);
    {
        const std::lock_guard lock(mutex_);
        backlog_ -= registry.size() + audit.size();
    }
    applied_.notify_all();
    registry.clear();
    audit.clear();
}

}  // namespace portcullis::journal
