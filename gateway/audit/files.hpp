#pragma once
// How the log lies on disk: audit.log is written to; at a rotation it becomes audit-FIRST.log, FIRST being
// the number of its first record in 20 digits, and a new audit.log begins. Beside each stands its index
// (index.hpp).

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "gateway/journal/file.hpp"

namespace portcullis::audit {

std::filesystem::path active_path(const std::filesystem::path& folder);
std::filesystem::path rotated_path(const std::filesystem::path& folder, std::uint64_t first);
/// Of the index of this file of the log.
std::filesystem::path index_path(std::filesystem::path log);

struct LogFile {
    std::uint64_t first;  // record
    std::filesystem::path path;
};
/// Those that are not written to any more, in the order of their records.
std::vector<LogFile> rotated_files(const std::filesystem::path& folder);
/// With audit.log, if it has records.
std::vector<LogFile> all_files(const std::filesystem::path& folder);

/// The number of the first record of a file, or of the one whose line begins there; 0: there is none.
std::uint64_t first_record(const journal::File& log, std::uint64_t offset = 0);

/// A file of the log that should be there is not, or is empty.
struct MissingRecords : std::runtime_error {
    MissingRecords(const std::filesystem::path& folder, std::uint64_t from, std::uint64_t to);
    std::uint64_t from, to;
    std::string why;  // "there is no audit-FIRST.log"
};

/// Goes through the files in order, also while a gateway appends and rotates.
class Files {
  public:
    /// Stands at record `first` or not far before it, as far as the index knows, or, where that is not here
    /// any more, at the oldest. Throws std::runtime_error with one line if there is no log.
    Files(std::filesystem::path folder, std::uint64_t first);

    /// Bytes of whole lines.
    struct Part {
        const journal::File& file;
        std::uint64_t begin, end;
        bool active;  // the file may still grow
    };
    /// What there is behind `offset` of the file, up to which everything was read, or else the next file,
    /// which must begin with record `next`. Nothing if there is no more now. Throws MissingRecords if a later
    /// one begins there.
    std::optional<Part> more(std::uint64_t offset, std::uint64_t next);

    /// Of the file that more() returned a part of last.
    const std::filesystem::path& path() const { return path_; }
    /// The record at which it stood first; 1 if there was none yet.
    std::uint64_t begins_with() const { return begins_with_; }

  private:
    void open_first(std::uint64_t first);
    void seek(std::uint64_t first);
    bool open_next(std::uint64_t next);
    Part part(std::uint64_t begin) const;
    bool is_active() const;

    std::filesystem::path folder_;
    std::filesystem::path path_;
    journal::File file_;
    std::uint64_t begins_with_ = 1;
    std::optional<std::uint64_t> begin_;  // offset; nothing: the first part was returned
};

}  // namespace portcullis::audit
