#pragma once
// Whether the records of a part of a log follow each other unbroken. The part need not be in one piece: a
// clock that was set leaves records of another day in between.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "gateway/audit/line.hpp"

namespace portcullis::auditor {

class Chain {
  public:
    /// The next line of the part. The first of each piece is believed, all that follow it are checked.
    void follow(std::string_view line);
    /// A line that does not belong to the part.
    void skip() { head_.reset(); }

    std::uint64_t records() const { return records_; }
    /// What is wrong, and at which record of the log; empty: nothing is.
    const std::string& fault() const { return fault_; }

  private:
    std::optional<audit::Head> head_;  // nothing: the next line begins a piece
    std::uint64_t records_ = 0;
    std::string fault_;
};

}  // namespace portcullis::auditor
