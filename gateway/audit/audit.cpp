#include "gateway/audit/audit.hpp"

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <mutex>

#include "gateway/audit/appender.hpp"
#include "gateway/audit/checkpoint.hpp"

namespace portcullis::audit {

namespace fs = std::filesystem;

namespace {

constexpr std::string_view checkpoint_event = "checkpoint";
constexpr std::chrono::seconds patience{10};  // until the applier thread has done what the journal has

bool is_news(const std::pair<journal::Position, std::string>& entry) {
    return !is_event(entry.second, checkpoint_event);
}

Record record_of(const Checkpoint& checkpoint) {
    return {std::string(checkpoint_event),
            {{"size", checkpoint.size}, {"root_hash", hex(checkpoint.root)}, {"note", checkpoint.note}}};
}

}  // namespace

struct AuditLog::Impl {
    Impl(const fs::path& where, Options given)
        : folder(where),
          options(std::move(given)),
          files(where),
          latest(latest_checkpoint(where)),
          checkpoint_bytes(checkpoints_end(where)),
          news(!latest || latest->size < records()) {}

    std::uint64_t records() const { return files.state().head.records; }

    void apply(const std::vector<std::pair<journal::Position, std::string>>& entries) {
        if (files.is_full(options.rotation, entries.front().second)) {
            files.rotate();
            sign();
        }
        files.append(entries);
        news = news || std::any_of(entries.begin(), entries.end(), is_news);
    }

    // A log of which more was signed than it has was cut, or is an old copy: nothing may be appended to it.
    void sync() {
        if (latest && latest->size > records())
            journal::fail(checkpoint_path(folder),
                          "speaks of " + std::to_string(latest->size) + " records, but the log ends at " +
                              std::to_string(records()) + "; restore the newest copy of the log");
        files.sync();
    }

    // Of what was synced.
    void sign() {
        if (!options.signer || !news || records() == 0) return;
        latest = make_checkpoint(folder, checkpoint_bytes, files.state(), *options.signer);
        untold = true;
        news = false;
    }

    const fs::path folder;
    const Options options;
    std::optional<Head> prepared;            // since the first record was; of who writes the journal
    std::atomic<std::uint64_t> durable = 0;  // records that the journal has, or is about to

    std::mutex mutex;  // the rest
    std::condition_variable applied;
    Appender files;
    std::optional<Checkpoint> latest;
    std::uint64_t checkpoint_bytes;  // of audit.checkpoints
    bool news;                       // since the latest: other records than those of checkpoints
    bool untold = false;             // the latest has no record yet
};

AuditLog::AuditLog(const fs::path& folder, Options options)
    : impl_(std::make_unique<Impl>(folder, std::move(options))) {}

AuditLog::~AuditLog() = default;

void AuditLog::prepare(std::string& payload) {
    auto& prepared = impl_->prepared;
    if (!prepared) prepared = impl_->files.state().head;
    payload = seal_line(payload, *prepared);
    impl_->durable = prepared->records;
}

void AuditLog::apply(const std::vector<std::pair<journal::Position, std::string>>& entries) {
    {
        const std::lock_guard lock(impl_->mutex);
        impl_->apply(entries);
    }
    impl_->applied.notify_all();
}

void AuditLog::sync() {
    const std::lock_guard lock(impl_->mutex);
    impl_->sync();
}

journal::Position AuditLog::next() const {
    const std::lock_guard lock(impl_->mutex);
    return impl_->records();
}

std::optional<Record> AuditLog::checkpoint() {
    std::unique_lock lock(impl_->mutex);
    impl_->applied.wait_for(lock, patience,
                            [&, until = impl_->durable.load()] { return impl_->records() >= until; });
    if (impl_->news && impl_->options.signer) {
        impl_->sync();
        impl_->sign();
    }
    if (!std::exchange(impl_->untold, false)) return std::nullopt;
    return record_of(*impl_->latest);
}

}  // namespace portcullis::audit
