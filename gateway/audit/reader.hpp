#pragma once
// The log as others read it: whole lines, in order, through all its files, also while a gateway appends to it
// and rotates it.

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "gateway/audit/audit.hpp"

namespace portcullis::audit {

class Reader {
  public:
    /// Begins at this record (from 1), quickly also in the middle; if it and others were moved away as old,
    /// at the oldest that is here, as position() then tells. Throws std::runtime_error with one line if there
    /// is no log, or if it cannot be read.
    explicit Reader(std::filesystem::path folder, std::uint64_t first = 1);
    ~Reader();
    Reader(Reader&&) noexcept;
    Reader& operator=(Reader&&) noexcept;

    /// The next line, without line feed, valid until the next call; not verified. Nothing at the end of what
    /// is there now: a later call goes on with what was appended since. Throws as the constructor does, and
    /// if a file in the middle is missing.
    std::optional<std::string_view> next();
    /// The number of the record that next() returns next.
    std::uint64_t position() const;

  private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

/// A record as it stands in a line.
struct Logged {
    std::uint64_t seq = 0;
    std::string time;  // RFC 3339, UTC
    Record record;     // without seq, time, prev and hash

    /// The value of this name as text (numbers in decimal, booleans as true and false); empty: there is none.
    std::string text(std::string_view name) const;
};

/// Nothing if the line is no record.
std::optional<Logged> parse(std::string_view line);

}  // namespace portcullis::audit
