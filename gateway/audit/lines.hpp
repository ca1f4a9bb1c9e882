#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "gateway/journal/file.hpp"

namespace portcullis::audit {

/// No line of the log is longer: a record is at most one append of the journal, and what is added to it.
constexpr std::size_t max_line_bytes = std::size_t{32} << 20;

/// Reads the lines of a part of a file.
class LineReader {
  public:
    LineReader(const journal::File& file, std::uint64_t begin, std::uint64_t end);
    /// Without line feed, valid until the next call. Nothing at the end, before a last line without line
    /// feed, and before a line that is too long.
    std::optional<std::string_view> next();
    /// Where the lines that were returned end.
    std::uint64_t offset() const { return offset_; }

  private:
    const journal::File& file_;
    std::uint64_t offset_;
    const std::uint64_t end_;
    std::string buffer_;
    std::size_t used_ = 0;  // of the buffer
};

}  // namespace portcullis::audit
