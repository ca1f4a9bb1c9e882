#pragma once
// The files of the log as their only writer sees them: appends, rotates, and after a crash goes on where the
// last sync() was.

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "gateway/audit/audit.hpp"
#include "gateway/audit/files.hpp"
#include "gateway/audit/index.hpp"
#include "gateway/audit/synced.hpp"

namespace portcullis::audit {

class Appender {
  public:
    /// Throws std::runtime_error with one line, also if another has the log; nothing is touched then.
    explicit Appender(const std::filesystem::path& folder);

    /// Lines without line feed. Throws if one does not follow the one before.
    void append(const std::vector<std::pair<journal::Position, std::string>>& lines);
    void sync();
    /// Whether the next record, which is this, shall be the first of a new file.
    bool is_full(const Rotation&, std::string_view line) const;
    /// Begins a new file; all is durable then.
    void rotate();

    const State& state() const { return state_; }

  private:
    void finish_rotation(const std::vector<LogFile>& rotated);
    static bool indexed(const std::vector<LogFile>& rotated, std::uint64_t active);
    bool go_on_from(const Synced&);
    void read_all(const std::vector<LogFile>& rotated);
    void read_rotated(const LogFile&, bool oldest);
    void begin_file();
    void read_rest();
    void allow_rewriting(bool allowed);
    void take(std::string_view line);

    const std::filesystem::path folder_;
    const std::filesystem::path path_;
    const journal::File lock_;
    journal::File log_;
    std::optional<IndexWriter> index_;
    std::uint64_t first_ = 1;  // record of the file
    std::uint64_t end_ = 0;    // of the records in the file that were appended
    State state_;
    std::optional<std::chrono::system_clock::time_point>
        began_;               // when the first record of the file was made
    bool rewriting_ = false;  // something unsound stands behind `end_`
};

}  // namespace portcullis::audit
