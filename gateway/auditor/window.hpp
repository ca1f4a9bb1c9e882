#pragma once
// The part of a log that can be of a certain time: files whose records are all older or all younger are not
// read. Clocks are set now and then, so that times need not follow those of the files to the hour; where one
// was set back from a file to the next, both are read, and all that lies between them and what is asked for.

#include <filesystem>
#include <string>

#include "gateway/audit/reader.hpp"

namespace portcullis::auditor {

class Window {
  public:
    /// Both of times.hpp, or empty. Throws std::runtime_error with one line, as next() does.
    Window(const std::filesystem::path& log, const std::string& from, const std::string& to);

    /// The next line, which may be of another time; nothing at the end.
    std::optional<std::string_view> next();
    /// Of the line that next() returns next.
    std::uint64_t position() const { return reader_.position(); }

  private:
    struct Range {
        std::uint64_t first = 1;
        std::uint64_t end = 0;  // the record behind the last; 0: there is no end
    };
    static Range range(const std::filesystem::path& log, const std::string& from, const std::string& to);
    Window(const std::filesystem::path& log, Range range) : reader_(log, range.first), end_(range.end) {}

    audit::Reader reader_;
    std::uint64_t end_;
};

}  // namespace portcullis::auditor
