#pragma once
// When an audit record repository was away, and which of that is worth a record. Records of it are messages
// to it, too: one for each attempt would be a loop, and one for each outage of a repository that comes and
// goes nearly so.

#include <chrono>
#include <optional>

namespace portcullis::service {

class Outages {
  public:
    using Time = std::chrono::steady_clock::time_point;
    /// A record that it is away, and one that it is back, this often at most.
    static constexpr std::chrono::hours once_in{1};

    enum class Told { nothing, in_log, in_log_and_audit };

    /// It could not be reached, or did not take what was sent. What is to be told of it: nothing if it was
    /// away already.
    Told failed(Time now) {
        if (away_) return Told::nothing;
        away_ = true;
        audited_ = !last_ || now - *last_ >= once_in;
        if (audited_) last_ = now;
        return told();
    }
    /// It took what was sent.
    Told arrived() {
        if (!away_) return Told::nothing;
        away_ = false;
        return told();
    }
    bool away() const { return away_; }

  private:
    Told told() const { return audited_ ? Told::in_log_and_audit : Told::in_log; }

    bool away_ = false;
    bool audited_ = false;      // this outage, or the last
    std::optional<Time> last_;  // when one was audited
};

}  // namespace portcullis::service
