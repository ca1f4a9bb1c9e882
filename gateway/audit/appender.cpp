#include "gateway/audit/appender.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>

#include "gateway/audit/lines.hpp"
#include "gateway/audit/size_lock.hpp"

namespace portcullis::audit {

namespace fs = std::filesystem;
using journal::fail;
using journal::File;

namespace {

// If the clock goes back by more, a new file is begun: one that begins with a wrong time has few records.
constexpr std::chrono::hours clocks_differ{1};

void rename_file(const fs::path& from, const fs::path& to) {
    if (::rename(from.c_str(), to.c_str()) != 0) fail(from, "cannot be renamed", journal::last_error());
}

// A file that was rotated is only read.
void make_read_only(const fs::path& path) {
    if (::chmod(path.c_str(), 0400) != 0) fail(path, "cannot be made read-only", journal::last_error());
}

// Its index is written anew.
void make_writable(const fs::path& path) {
    if (::chmod(path.c_str(), 0600) != 0 && errno != ENOENT)
        fail(path, "cannot be made writable", journal::last_error());
}

// Held as long as the log may be written: two who append to one would destroy it.
File lock_folder(const fs::path& folder) {
    journal::make_private_folder(folder);
    File file(folder, O_RDONLY | O_DIRECTORY);
    if (::flock(file.descriptor(), LOCK_EX | LOCK_NB) != 0)
        fail(folder, "the audit log is used by another process; stop it first", journal::last_error());
    return file;
}

File open_active(const fs::path& path) {
    return File(path, O_RDWR | O_CREAT | O_APPEND | O_NOFOLLOW);
}

}  // namespace

Appender::Appender(const fs::path& folder)
    : folder_(folder), path_(active_path(folder)), lock_(lock_folder(folder)) {
    const auto rotated = rotated_files(folder_);
    finish_rotation(rotated);
    log_ = open_active(path_);
    journal::sync_folder(folder_);
    auto synced = read_synced(folder_);
    if (synced && !rotated.empty() && rotated.back().first == synced->first) {
        synced->first = synced->head.records + 1;
        synced->end = 0;
    }
    if (synced && log_.size() < synced->end)
        fail(path_, "was shortened: " + std::to_string(synced->head.records) + " records in " +
                        std::to_string(synced->end) + " bytes were durable, " + std::to_string(log_.size()) +
                        " bytes are left; restore it");
    if (!synced || !indexed(rotated, synced->first) || !go_on_from(*synced)) read_all(rotated);
    read_rest();
}

// What a crash may have left of a rotation: its last steps are done again.
void Appender::finish_rotation(const std::vector<LogFile>& rotated) {
    for (const auto& file : rotated) make_read_only(file.path);
    if (rotated.empty()) return;
    const auto index = index_path(path_);
    if (Index::open(index, rotated.back().first)) rename_file(index, index_path(rotated.back().path));
}

// Whether each rotated file has its index. That of the oldest, if records before it are not here any more,
// cannot be made anew: then it does without.
bool Appender::indexed(const std::vector<LogFile>& rotated, std::uint64_t active) {
    for (auto file = rotated.begin(); file != rotated.end(); ++file) {
        const auto last = (file + 1 == rotated.end() ? active : (file + 1)->first) - 1;
        const auto index = Index::open(index_path(file->path), file->first);
        if (index ? !index->reaches(last) : file->first == 1 || file != rotated.begin()) return false;
    }
    return true;
}

bool Appender::go_on_from(const Synced& synced) {
    if (!synced.tree) return false;
    state_ = {synced.head, *synced.tree};
    first_ = synced.first;
    end_ = synced.end;
    if (end_ == 0)
        index_.emplace(index_path(path_), state_);
    else
        index_ = IndexWriter::resume(index_path(path_), first_, state_.head.records);
    return index_.has_value();
}

void Appender::read_all(const std::vector<LogFile>& rotated) {
    state_ = {};
    const auto oldest = rotated.empty() ? first_record(log_) : rotated.front().first;
    if (oldest > 1) {
        const auto path = index_path(rotated.empty() ? path_ : rotated.front().path);
        const auto index = Index::open(path, oldest);
        if (!index)
            fail(path, "is missing or damaged, and the records before " + std::to_string(oldest) +
                           " are not here; restore it, or the files of these records");
        state_ = index->before();
    }
    for (const auto& file : rotated) read_rotated(file, file.first == oldest);
    if (rotated.empty() && oldest > 1) {
        first_ = oldest;
        index_ = IndexWriter::resume(index_path(path_), first_, oldest - 1);
    } else {
        begin_file();
    }
}

void Appender::read_rotated(const LogFile& file, bool oldest) {
    if (file.first != state_.head.records + 1)
        throw MissingRecords(folder_, state_.head.records + 1, file.first - 1);
    end_ = 0;
    const auto path = index_path(file.path);
    make_writable(path);
    // The header of the oldest says what nothing else does, and stays.
    if (oldest && file.first > 1)
        index_ = IndexWriter::resume(path, file.first, file.first - 1);
    else
        index_.emplace(path, state_);
    const File log(file.path, O_RDONLY);
    const auto size = log.size();
    LineReader lines(log, 0, size);
    while (const auto line = lines.next()) {
        if (const auto fault = follow(*line, state_.head))
            fail(file.path, "record " + std::to_string(state_.head.records + 1) + " " + *fault);
        take(*line);
    }
    if (end_ != size)
        fail(file.path, "record " + std::to_string(state_.head.records + 1) + " is torn; restore the file");
    index_->sync();
    make_read_only(path);
}

void Appender::begin_file() {
    first_ = state_.head.records + 1;
    end_ = 0;
    began_.reset();
    index_.emplace(index_path(path_), state_);
}

// What was appended after the last sync, as far as it is sound.
void Appender::read_rest() {
    std::string begin(256, '\0');
    begin.resize(log_.read_at(0, begin));
    if (end_ > 0) began_ = time_of(begin);
    LineReader lines(log_, end_, log_.size());
    while (const auto line = lines.next()) {
        if (follow(*line, state_.head)) break;
        take(*line);
    }
    index_->flush();
    if (log_.size() > end_) allow_rewriting(true);
}

// Appending is all that the log allows, except while a torn end is written anew from the journal.
void Appender::allow_rewriting(bool allowed) {
    rewriting_ = allowed;
    if (::fcntl(log_.descriptor(), F_SETFL, allowed ? 0 : O_APPEND) != 0)
        fail(path_, "cannot change between appending and rewriting", journal::last_error());
}

// A line to which the head of the chain was moved.
void Appender::take(std::string_view line) {
    if (end_ == 0) began_ = time_of(line);
    state_.tree.add(state_.head.hash);
    end_ += line.size() + 1;
    index_->add(state_.tree, end_);
}

void Appender::append(const std::vector<std::pair<journal::Position, std::string>>& lines) {
    const auto begin = end_;
    std::string bytes;
    for (const auto& [position, line] : lines) {
        const auto expected = state_.head.records;
        if (const auto fault = position == expected ? follow(line, state_.head) : "is missing")
            fail(path_, "the journal does not go on where the log ends: record " +
                            std::to_string(expected + 1) + " " + *fault);
        bytes.append(line).push_back('\n');
        take(line);
    }
    const SizeLock lock(log_, LOCK_EX);
    if (const ErrorCode error = rewriting_ ? log_.write_at(begin, bytes) : log_.write(bytes))
        fail(path_, "cannot be written", error);
    index_->flush();
}

void Appender::sync() {
    if (log_.size() != end_)
        fail(path_, "damaged at offset " + std::to_string(end_) + ", after record " +
                        std::to_string(state_.head.records) +
                        ", and the journal does not have what stood there; move the file away to begin a new "
                        "one, together with the journal");
    if (rewriting_) allow_rewriting(false);
    if (const ErrorCode error = log_.sync()) fail(path_, "cannot be synced", error);
    index_->sync();
    write_synced(folder_, first_, end_, state_);
}

bool Appender::is_full(const Rotation& rotation, std::string_view line) const {
    if (end_ == 0 || rewriting_) return false;
    if (end_ >= rotation.size) return true;
    const auto time = time_of(line);
    return time && began_ && (*time - *began_ >= rotation.age || *began_ - *time > clocks_differ);
}

// The log is renamed first: while audit.log is missing or empty, audit.synced, which still tells of the file
// under its new name, says which record comes next.
void Appender::rotate() {
    sync();
    const auto rotated = rotated_path(folder_, first_);
    rename_file(path_, rotated);
    rename_file(index_path(path_), index_path(rotated));
    log_ = open_active(path_);
    journal::sync_folder(folder_);
    make_read_only(rotated);
    make_read_only(index_path(rotated));
    begin_file();
    write_synced(folder_, first_, end_, state_);
}

}  // namespace portcullis::audit
