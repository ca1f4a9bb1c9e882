#include "gateway/journal/journal.hpp"

#include <fcntl.h>
#include <sys/file.h>

#include <algorithm>
#include <atomic>
#include <exception>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>

#include "gateway/journal/applier.hpp"
#include "gateway/journal/queue.hpp"
#include "gateway/journal/recovery.hpp"

namespace portcullis::journal {

namespace fs = std::filesystem;

namespace {

ErrorCode generic(boost::system::errc::errc_t code) {
    return boost::system::errc::make_error_code(code);
}

/// What preparing an entry adds to it is reckoned with.
std::size_t bytes_of(const std::vector<Entry>& entries) {
    constexpr std::size_t overhead = 512;
    std::size_t bytes = 0;
    for (const auto& entry : entries) bytes += entry.payload.size() + overhead;
    return bytes;
}

// Held as long as the journal is open; two gateways on one journal would destroy it.
File lock_folder(const fs::path& folder) {
    make_private_folder(folder);
    File file(folder, O_RDONLY | O_DIRECTORY);
    if (::flock(file.descriptor(), LOCK_EX | LOCK_NB) != 0)
        fail(folder, "the journal is used by another process; stop it first", last_error());
    return file;
}

}  // namespace

struct Journal::Impl {
    Impl(const fs::path& path, Sinks both, Options chosen)
        : folder(path),
          lock(lock_folder(path)),
          sinks(both),
          options(std::move(chosen)),
          queue(options.linger) {
        const Recovered recovered = recover(folder, sinks);
        next = recovered.next;
        segment_number = recovered.last_segment;
        begin_segment();
        for (const auto& segment : recovered.segments) fs::remove(segment);
        applier.emplace(sinks, [this](const std::string& why) {
            fail_for_good(generic(boost::system::errc::io_error), why);
        });
        writer = std::thread([this] { run(); });
    }

    ~Impl() {
        queue.close();
        writer.join();
        applier->finish();
    }

    void run() {
        while (queue.wait()) {
            const std::lock_guard turn(writing);
            auto group = queue.take();
            if (group.empty()) continue;
            Applier::Work durable;
            const ErrorCode error = commit(group, durable);
            for (auto& append : group) {
                // Gone before the next is told: whoever hears that all is written may destroy what it refers
                // to.
                if (const auto done = std::exchange(append.done, nullptr))
                    done(append.bytes > max_append_bytes ? generic(boost::system::errc::message_size)
                                                         : error);
            }
            if (error) continue;
            applier->push(std::move(durable));
            if (segment_size >= options.segment_bytes) rotate();
        }
    }

    std::optional<ErrorCode> write_now(std::vector<Entry>& entries, std::size_t bytes) {
        const std::unique_lock turn(writing, std::try_to_lock);
        if (!turn || bytes > max_append_bytes || !quick || segment_size >= options.segment_bytes ||
            !applier->has_room())
            return std::nullopt;
        auto group = queue.take_unless_awaited();
        if (!group) return std::nullopt;
        try {
            group->push_back({std::move(entries), nullptr, bytes});
            Applier::Work durable;
            const ErrorCode error = commit(*group, durable);
            if (!error) applier->push(std::move(durable));
            return error;
        } catch (const std::exception& failed) {  // what was taken from the queue would be missing
            fail_for_good(generic(boost::system::errc::io_error), failed.what());
            return error();
        }
    }

    ErrorCode commit(std::vector<Append>& group, Applier::Work& durable) {
        if (const ErrorCode before = error()) return before;
        try {
            BatchWriter batch(mark, next);
            Positions position = next;
            for (auto& append : group) {
                for (auto& entry : append.entries) {
                    sinks.of(entry.kind).prepare(entry.payload);
                    batch.add(entry);
                    (entry.kind == Kind::registry ? durable.registry : durable.audit)
                        .emplace_back(position.of(entry.kind)++, std::move(entry.payload));
                }
            }
            if (batch.entries() == 0) return {};
            write(batch);
            next = position;
        } catch (const boost::system::system_error& failed) {
            fail_for_good(failed.code(), active.string() + ": cannot be written: " + failed.code().message());
        } catch (const std::exception& failed) {
            fail_for_good(generic(boost::system::errc::io_error), failed.what());
        }
        return error();
    }

    void write(BatchWriter& batch) {
        const auto start = std::chrono::steady_clock::now();
        const std::string& bytes = batch.finish();
        reserve(segment_size + bytes.size());
        if (const ErrorCode failed = file.write_at(segment_size, bytes))
            throw boost::system::system_error(failed);
        if (const ErrorCode failed = file.sync()) throw boost::system::system_error(failed);
        segment_size += bytes.size();
        const auto took = std::chrono::steady_clock::now() - start;
        quick = took <= options.worth_waiting_for;
        if (options.on_commit) options.on_commit({batch.entries(), bytes.size(), took});
    }

    // The segment grows by zeros, in steps: most commits then change nothing but bytes that the file already
    // has, and fdatasync does not wait for the file system's own journal. Without room for a step, each
    // commit grows the file by itself, until there is no room for that either.
    void reserve(std::size_t size) {
        constexpr std::size_t step = std::size_t{1} << 20;
        if (size <= reserved) return;
        const std::size_t target = (size / step + 1) * step;
        static_cast<void>(file.write_at(reserved, std::string(target - reserved, '\0')));
        reserved = target;
    }

    void begin_segment() {
        active = segment_path(folder, ++segment_number);
        file = create_segment(active, next, mark);
        segment_size = segment_header_bytes;
        reserved = segment_size;
    }

    void rotate() {
        fs::path full = active;
        try {
            begin_segment();
        } catch (const std::exception& failed) {
            fail_for_good(generic(boost::system::errc::io_error), failed.what());
            return;
        }
        applier->push({{}, {}, std::move(full)});
    }

    void fail_for_good(ErrorCode code, const std::string& why) {
        const std::lock_guard guard(mutex);
        if (failed_with) return;
        failed_with = code;
        failed_why = why;
    }

    ErrorCode error() const {
        const std::lock_guard guard(mutex);
        return failed_with;
    }

    const fs::path folder;
    const File lock;
    const Sinks sinks;
    const Options options;

    std::mutex writing;  // up to `reserved`
    Positions next;
    std::uint64_t segment_number = 0;
    fs::path active;
    File file;
    Mark mark{};
    std::size_t segment_size = 0;  // header and batches
    std::size_t reserved = 0;      // of the file
    std::atomic<bool> quick = true;

    mutable std::mutex mutex;  // the two below
    ErrorCode failed_with;
    std::string failed_why;

    Queue queue;
    std::optional<Applier> applier;
    std::thread writer;
};

Journal::Journal(const fs::path& folder, Sink& registry, Sink& audit, Options options)
    : impl_(std::make_unique<Impl>(folder, Sinks{registry, audit}, std::move(options))) {}

Journal::~Journal() = default;

void Journal::append(std::vector<Entry> entries, Done done) {
    const auto bytes = bytes_of(entries);
    if (bytes > max_append_bytes) entries.clear();
    impl_->queue.push({std::move(entries), std::move(done), bytes});
}

std::optional<ErrorCode> Journal::write_now(std::vector<Entry>& entries) {
    return impl_->write_now(entries, bytes_of(entries));
}

bool Journal::is_quick() const {
    return impl_->quick;
}

bool Journal::healthy() const {
    return !impl_->error();
}

std::string Journal::failure() const {
    const std::lock_guard guard(impl_->mutex);
    return impl_->failed_why;
}

}  // namespace portcullis::journal
