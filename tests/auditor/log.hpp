#pragma once
// Logs to ask: records at times of the test's choosing, chained as a gateway chains them.

#include <string>
#include <vector>

#include "gateway/audit/files.hpp"
#include "gateway/audit/line.hpp"
#include "gateway/audit/reader.hpp"
#include "gateway/audit/scribe.hpp"
#include "gateway/audit/text.hpp"
#include "tests/audit/fixture.hpp"

namespace portcullis::auditor::test {

using audit::Record;

struct Dated {
    std::string time;  // as the log writes it
    Record record;
};

/// What a scribe writes, at another time.
inline std::string members_of(const Dated& dated, const audit::Identifiers& identifiers = {}) {
    auto members = audit::Scribe(identifiers).entry(dated.record).payload;
    const std::string before = "\"time\":\"";
    return members.replace(before.size(), 24, dated.time);
}

/// Lines, with line feeds, that follow the head, which is moved on.
inline std::string lines_of(const std::vector<Dated>& records, const audit::Identifiers& identifiers,
                            audit::Head& head) {
    std::string lines;
    for (const auto& dated : records) lines += audit::seal_line(members_of(dated, identifiers), head) + '\n';
    return lines;
}

/// A log in a folder of its own.
class Log {
  public:
    explicit Log(const std::vector<Dated>& records, const audit::Identifiers& identifiers = {}) {
        append(records, identifiers);
    }
    void append(const std::vector<Dated>& records, const audit::Identifiers& identifiers = {}) {
        std::ofstream(file(), std::ios::app) << lines_of(records, identifiers, head_);
    }
    /// The log goes on in a new file, which begins with these records.
    void rotate(const std::vector<Dated>& records) {
        std::filesystem::rename(file(), audit::rotated_path(folder_, first_));
        first_ = head_.records + 1;
        append(records);
    }
    const std::filesystem::path& folder() const { return folder_; }
    std::filesystem::path file() const { return folder_.log(); }

  private:
    const audit::TemporaryFolder folder_;
    audit::Head head_;
    std::uint64_t first_ = 1;  // of the file that is appended to
};

/// As it is read back.
inline audit::Logged logged(const Record& record, const std::string& time = "2026-11-29T14:05:00.123Z") {
    audit::Head head;
    return audit::parse(audit::seal_line(members_of({time, record}), head)).value();
}

}  // namespace portcullis::auditor::test
