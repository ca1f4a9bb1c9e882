#pragma once
// What waits for one audit record repository. The audit log itself is the queue on the disk; what is kept
// besides is the number of the first record that is not known to have arrived: FOLDER/syslog-REPOSITORY.next.

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <utility>

#include "gateway/audit/reader.hpp"

namespace portcullis::service {

class AuditQueue {
  public:
    /// The message of a record; nothing: it has none. The same for the same record, also after a restart.
    using Message = std::function<std::optional<std::string>(const audit::Logged&)>;

    /// `records`: how many the log has now. A repository that is new to this log gets what comes after them.
    /// Throws std::runtime_error with one line if the number cannot be read or written.
    AuditQueue(std::filesystem::path log, const std::string& repository, std::uint64_t records,
               Message message);

    // These throw std::runtime_error with one line if log or number cannot be read or written.

    /// The next message; nullptr: there is none now. Valid until pop() or rewind().
    const std::string* front();
    /// Of the record whose message front() is.
    std::uint64_t number() const { return reader_->position() - 1; }
    /// It was sent, and front() is the one after it.
    void pop();
    /// All that was taken off has arrived.
    void confirm();
    /// It has not: front() is again the first that is not known to have.
    void rewind();

    /// How many records are not in the log any more and were not sent, since the last call.
    std::uint64_t take_lost() { return std::exchange(lost_, 0); }

    /// Of so many records in the log, those that are not known to have arrived.
    std::uint64_t waiting(std::uint64_t records) const { return records + 1 - std::min(first_, records + 1); }

  private:
    void begin();

    const std::filesystem::path log_;
    const std::filesystem::path path_;
    const Message message_;
    std::uint64_t first_ = 0;  // record that is not known to have arrived
    std::uint64_t taken_ = 0;  // the one after those that were taken off, or that have no message
    std::uint64_t lost_ = 0;
    std::optional<audit::Reader> reader_;
    std::optional<std::string> front_;
};

}  // namespace portcullis::service
