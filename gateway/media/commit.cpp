#include "gateway/media/commit.hpp"

#include <chrono>
#include <map>

#include "gateway/media/refused.hpp"

namespace portcullis::media {

namespace {

constexpr std::size_t most_waiting = 64;  // files
/// So many are worth a sync of their folder, and no file waits longer for others.
constexpr std::size_t worthwhile = most_waiting / 2;
constexpr std::chrono::milliseconds longest_wait{100};

}  // namespace

Committer::~Committer() {
    {
        const std::lock_guard lock(mutex_);
        ending_ = true;
    }
    changed_.notify_all();
    thread_.join();
}

void Committer::add(std::unique_ptr<NewFile> file, Done done) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return waiting_.size() < most_waiting; });
    waiting_.push_back({std::move(file), std::move(done), std::nullopt});
    lock.unlock();
    changed_.notify_all();
}

void Committer::run() {
    std::unique_lock lock(mutex_);
    for (;;) {
        changed_.wait(lock, [this] { return ending_ || !waiting_.empty(); });
        if (waiting_.empty()) return;
        changed_.wait_for(lock, longest_wait, [this] { return ending_ || waiting_.size() >= worthwhile; });
        auto batch = std::exchange(waiting_, {});
        lock.unlock();
        changed_.notify_all();
        commit(batch);
        lock.lock();
    }
}

/// Every file is durable before its name is, and the names of a folder are before anyone is told.
void Committer::commit(std::vector<Waiting>& batch) {
    const auto attempt = [](Waiting& one, const auto& step) {
        if (one.failure) return;
        try {
            step(*one.file);
        } catch (const Refused& why) {
            one.failure = why.what();
        }
    };
    for (auto& one : batch) attempt(one, [](NewFile& file) { file.make_durable(); });
    for (auto& one : batch) attempt(one, [](NewFile& file) { file.put_in_place(); });
    std::map<std::filesystem::path, std::optional<std::string>> folders;
    for (const auto& one : batch) {
        if (one.failure) continue;
        const auto [folder, fresh] = folders.try_emplace(one.file->folder());
        if (!fresh) continue;
        try {
            sync_folder(folder->first);
        } catch (const Refused& why) {
            folder->second = why.what();
        }
    }
    for (auto& one : batch) {
        if (!one.failure) one.failure = folders[one.file->folder()];
        one.file.reset();
        one.done(std::move(one.failure));
    }
}

}  // namespace portcullis::media
