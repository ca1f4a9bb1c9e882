#include "gateway/service/audit_queue.hpp"

#include <fcntl.h>

#include <charconv>

#include "gateway/journal/file.hpp"

namespace portcullis::service {

namespace {

namespace fs = std::filesystem;

std::uint64_t read_number(const fs::path& path) {
    std::string text(32, '\0');
    text.resize(journal::File(path, O_RDONLY).read_at(0, text));
    std::uint64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc{} || number == 0 || end != text.data() + text.size() - 1 || *end != '\n')
        journal::fail(
            path,
            "is malformed; write the number of the first audit record that the repository lacks, or "
            "delete it: it then gets what comes from now on");
    return number;
}

void write_number(const fs::path& path, std::uint64_t number) {
    journal::replace_file(path, std::to_string(number) + "\n");
}

}  // namespace

AuditQueue::AuditQueue(fs::path log, const std::string& repository, std::uint64_t records, Message message)
    : log_(std::move(log)), path_(log_ / ("syslog-" + repository + ".next")), message_(std::move(message)) {
    if (fs::exists(path_)) {
        first_ = read_number(path_);
        if (first_ > records + 1)
            first_ = 1;  // another log was begun in the place of the one that it is about
    } else {
        first_ = records + 1;
        write_number(path_, first_);
    }
    taken_ = first_;
}

const std::string* AuditQueue::front() {
    if (!reader_) begin();
    while (!front_) {
        const auto line = reader_->next();
        if (!line) break;
        const auto record = audit::parse(*line);
        if (record) front_ = message_(*record);
        if (!front_) taken_ = reader_->position();
    }
    return front_ ? &*front_ : nullptr;
}

/// Old files of the log may have been moved away before all of it was sent.
void AuditQueue::begin() {
    reader_.emplace(log_, taken_);
    if (reader_->position() <= taken_) return;
    lost_ += reader_->position() - taken_;
    taken_ = reader_->position();
    confirm();
}

void AuditQueue::pop() {
    front_.reset();
    taken_ = reader_->position();
}

void AuditQueue::confirm() {
    if (taken_ == first_) return;
    write_number(path_, taken_);
    first_ = taken_;
}

void AuditQueue::rewind() {
    if (taken_ == first_) return;
    taken_ = first_;
    reader_.reset();
    front_.reset();
}

}  // namespace portcullis::service
