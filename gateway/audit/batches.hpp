#pragma once
// Many lines at a time, hashed by several threads, in their order.

#include <deque>
#include <future>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/audit/line.hpp"
#include "gateway/journal/file.hpp"

namespace portcullis::audit {

struct Batch {
    std::string bytes;
    std::vector<std::string_view> lines;            // of `bytes`, without line feed
    std::vector<std::optional<LineHashes>> hashes;  // one for each line
};

/// Reads the lines of a part of a file.
class BatchReader {
  public:
    BatchReader(const journal::File& file, std::uint64_t begin, std::uint64_t end);
    /// At least one line. Nothing at the end, before a last line without line feed, and before a line that is
    /// too long.
    std::unique_ptr<const Batch> next();
    /// Where the lines that were returned end.
    std::uint64_t offset() const { return offset_; }

  private:
    std::string read();

    const journal::File& file_;
    std::uint64_t offset_;
    std::uint64_t read_;  // offset up to which batches were begun
    const std::uint64_t end_;
    std::deque<std::future<std::unique_ptr<Batch>>> begun_;
};

}  // namespace portcullis::audit
