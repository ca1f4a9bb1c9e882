#pragma once
// How much may be opened in a sliding window: against the thief who has got hold of an authorised viewer.
// Pure: the time is an argument.

#include <compare>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "gateway/policy/account.hpp"
#include "gateway/policy/policy.hpp"

namespace portcullis::policy {

enum class Per { peer, user };
enum class Over { refuse, sealed };

std::string_view name(Per);
std::string_view name(Over);
std::string_view name(Measure);

/// Nothing: as much as anybody likes.
using Allowance = PerMeasure<std::optional<std::uint64_t>>;

struct Budget {
    std::string name;
    std::vector<std::string> of;  // peers and groups that ask; empty: any
    Per per = Per::peer;
    std::vector<std::string> rules;  // what these open counts, and nothing else; empty: all that is opened
    Seconds window = 0;
    Allowance limits;
    Over over = Over::refuse;
    bool operator==(const Budget&) const = default;
};

/// Who asks for what is opened, and what opens it.
struct Spender {
    std::string peer;
    std::optional<std::string> user;  // whom the archive has confirmed
    std::string rule;
    bool operator==(const Spender&) const = default;
};

/// Whether the budget is about whoever asks, and counts what this rule opens.
bool binds(const Budget&, const Policy&, const Spender&);

/// Whose account it is. Of a budget per user a request without one counts under its peer: whoever leaves the
/// user out gains nothing, and devices without users go on working.
struct Subject {
    Per kind = Per::peer;
    std::string name;
    auto operator<=>(const Subject&) const = default;
};
Subject subject_of(const Budget&, const Spender&);

/// A budget, and whose account of it is charged.
struct Bound {
    const Budget* budget;
    Subject subject;
};
using Bounds = std::vector<Bound>;

/// One measure of one budget that does not suffice.
struct Exceeded {
    std::string budget;
    Subject subject;
    Over over;
    Seconds window;
    Measure measure;
    std::uint64_t limit;
    std::uint64_t used;
    bool crossed;  // for the first time since usage had fallen to three quarters of every limit
};

constexpr Seconds shortest_grant = 60;
constexpr Seconds longest_grant = 7 * 24 * 3600;  // so far back a start looks for what was granted
constexpr std::uint64_t most_granted = std::uint64_t{1} << 50;

/// Adds to the limits of one account until a time.
struct Grant {
    std::string budget;
    Subject subject;
    Usage more;
    Seconds until = 0;
    bool operator==(const Grant&) const = default;
};

/// The accounts of all budgets, kept by the name of the budget and the subject: a budget that is changed
/// keeps what was used of it. Memory is bounded by the peers and users of the longest window, and by the
/// limits.
class Accounts {
  public:
    /// Charges every account, or, if one does not suffice, none and says why: first those that refuse.
    std::vector<Exceeded> charge(const Bounds&, const Spent&, Seconds now);
    /// What charge() would say.
    std::vector<Exceeded> look(const Bounds&, const Spent&, Seconds now);
    /// What is known to have been spent, whatever the limits. Nothing if the window has passed.
    void recall(const Bounds&, const Spent&, Seconds then, Seconds now);

    void grant(Grant, Seconds now);
    /// Those that have not ended.
    std::vector<Grant> grants(Seconds now);
    Usage usage(const Bound&, Seconds now);
    /// The limits of the budget, and what was granted.
    Allowance limits(const Bound&, Seconds now) const;
    /// Whoever has used something of this budget within its window.
    std::vector<Subject> subjects(const Budget&, Seconds now);

  private:
    using Key = std::pair<std::string, Subject>;  // name of the budget
    struct Entry {
        Account account;
        std::optional<Usage> alerted{};  // that it was exceeded; how much was used then
    };
    Entry& entry(const Bound&, Seconds now);
    void sweep(Seconds now);
    void drop_grants(Seconds now);

    std::map<Key, Entry> entries_;
    std::size_t sweep_at_ = 1024;  // entries
    std::vector<Grant> grants_;
};

}  // namespace portcullis::policy
