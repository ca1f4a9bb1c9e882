#include "gateway/audit/audit.hpp"

#include <fcntl.h>

#include <sstream>

#include "gateway/audit/line.hpp"
#include "gateway/audit/lines.hpp"
#include "gateway/audit/size_lock.hpp"
#include "gateway/journal/file.hpp"

namespace portcullis::audit {

namespace fs = std::filesystem;
using journal::fail;
using journal::File;

// The log up to the last sync() is durable, and where that was stands in audit.synced ("OFFSET RECORDS
// HASH"), so that a start has to look at what came later only. A lost audit.synced costs reading the whole
// log.
struct AuditLog::Impl {
    explicit Impl(const fs::path& folder)
        : path(log_path(folder)), synced_path(folder / "audit.synced"), log(open_log(folder)) {
        read_synced();
        LineReader lines(log, end, log.size());
        while (const auto line = lines.next()) {
            if (follow(*line, applied)) break;
            end = lines.offset();
        }
        if (log.size() > end) allow_rewriting(true);
    }

    File open_log(const fs::path& folder) const {
        journal::make_private_folder(folder);
        File file(path, O_RDWR | O_CREAT | O_APPEND | O_NOFOLLOW);
        journal::sync_folder(folder);
        return file;
    }

    void read_synced() {
        if (!fs::exists(synced_path)) return;
        std::string text(256, '\0');
        text.resize(File(synced_path, O_RDONLY).read_at(0, text));
        std::istringstream words(text);
        std::string hash;
        if (!(words >> end >> applied.records >> hash) || !unhex(hash, applied.hash))
            fail(synced_path, "is malformed; delete it: the whole audit log is then checked at start");
        if (log.size() < end)
            fail(path, "was shortened: " + std::to_string(applied.records) + " records in " +
                           std::to_string(end) + " bytes were durable, " + std::to_string(log.size()) +
                           " bytes are left; restore it");
    }

    // Appending is all that the log allows, except while a torn end is written anew from the journal.
    void allow_rewriting(bool allowed) {
        rewriting = allowed;
        if (::fcntl(log.descriptor(), F_SETFL, allowed ? 0 : O_APPEND) != 0)
            fail(path, "cannot change between appending and rewriting", journal::last_error());
    }

    void apply(const std::vector<std::pair<journal::Position, std::string>>& entries) {
        std::string bytes;
        for (const auto& [position, line] : entries) {
            if (const auto fault = position == applied.records ? follow(line, applied) : "is missing")
                fail(path, "the journal does not go on where the log ends: record " +
                               std::to_string(applied.records + 1) + " " + *fault);
            bytes.append(line).push_back('\n');
        }
        const SizeLock lock(log, LOCK_EX);
        if (const ErrorCode error = rewriting ? log.write_at(end, bytes) : log.write(bytes))
            fail(path, "cannot be written", error);
        end += bytes.size();
    }

    void sync() {
        if (log.size() != end)
            fail(path, "damaged at offset " + std::to_string(end) + ", after record " +
                           std::to_string(applied.records) +
                           ", and the journal does not have what stood there; move the file away to begin a "
                           "new one, together with the journal");
        if (rewriting) allow_rewriting(false);
        if (const ErrorCode error = log.sync()) fail(path, "cannot be synced", error);
        journal::replace_file(synced_path, std::to_string(end) + " " + std::to_string(applied.records) + " " +
                                               hex(applied.hash) + "\n");
    }

    const fs::path path;
    const fs::path synced_path;
    const File log;
    std::uint64_t end = 0;  // of the records that were applied
    Head applied;
    bool rewriting = false;  // something unsound stands behind `end`

    std::optional<Head> prepared;  // since the first one was; of the writer thread
};

AuditLog::AuditLog(const fs::path& folder) : impl_(std::make_unique<Impl>(folder)) {}

AuditLog::~AuditLog() = default;

void AuditLog::prepare(std::string& payload) {
    if (!impl_->prepared) impl_->prepared = impl_->applied;
    payload = seal_line(payload, *impl_->prepared);
}

void AuditLog::apply(const std::vector<std::pair<journal::Position, std::string>>& entries) {
    impl_->apply(entries);
}

void AuditLog::sync() {
    impl_->sync();
}

journal::Position AuditLog::next() const {
    return impl_->applied.records;
}

Verified verify(const fs::path& folder) {
    const fs::path path = log_path(folder);
    const File log(path, O_RDONLY);
    const std::uint64_t size = whole_size(log);
    Verified verified;
    Head head;
    MerkleTree tree;
    LineReader lines(log, 0, size);
    while (const auto line = lines.next()) {
        if (auto fault = follow(*line, head)) {
            verified.fault = Fault{head.records + 1, std::move(*fault)};
            break;
        }
        tree.add(head.hash);
    }
    if (!verified.fault && lines.offset() != size)
        verified.fault = Fault{head.records + 1, "is torn: it does not end with a line feed"};
    verified.records = head.records;
    verified.root_hash = hex(tree.root());
    return verified;
}

}  // namespace portcullis::audit
