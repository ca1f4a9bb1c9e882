#pragma once
// What one subject has used of one budget.

#include <cstdint>
#include <deque>
#include <list>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>

namespace portcullis::policy {

/// Of a time: since 1970-01-01 UTC, rounded down.
using Seconds = std::uint64_t;

/// What is handed out.
struct Spent {
    std::uint64_t objects = 0;
    std::uint64_t bytes = 0;
    std::string study{};  // Study Instance UID; empty: none is counted
};

enum class Measure { objects, studies, bytes };
constexpr Measure measures[] = {Measure::objects, Measure::studies, Measure::bytes};

template <class T>
struct PerMeasure {
    T objects{}, studies{}, bytes{};
    T& operator[](Measure measure) { return const_cast<T&>(std::as_const(*this)[measure]); }
    const T& operator[](Measure measure) const {
        return measure == Measure::objects ? objects : measure == Measure::studies ? studies : bytes;
    }
    bool operator==(const PerMeasure&) const = default;
};
using Usage = PerMeasure<std::uint64_t>;

/// A sliding window. Objects and bytes are kept in 60 buckets, and studies with the time of their last use,
/// so that nothing is forgotten before the window has passed, and all of it at most a sixtieth later.
class Account {
  public:
    explicit Account(Seconds window) : window_(window) {}

    /// Forgets what has passed. What seems to come from the future, after the clock was put back, is taken
    /// for as old as `now`.
    void advance(Seconds now);
    /// The window is another now.
    void fit(Seconds window);
    void add(const Spent&, Seconds at);
    const Usage& usage() const { return usage_; }
    bool knows(const std::string& study) const { return studies_.contains(study); }
    bool empty() const { return buckets_.empty() && last_use_.empty(); }

  private:
    struct Bucket {
        Seconds begin;
        std::uint64_t objects, bytes;
    };
    struct Use {
        std::string study;
        Seconds at;
    };
    Seconds width() const { return (window_ + 59) / 60; }
    void add_to_bucket(Seconds at, std::uint64_t objects, std::uint64_t bytes);
    void use(const std::string& study, Seconds at);

    Seconds window_;
    std::deque<Bucket> buckets_;  // oldest first
    std::list<Use> last_use_;     // oldest first
    std::unordered_map<std::string, std::list<Use>::iterator> studies_;
    Usage usage_;
};

}  // namespace portcullis::policy
