#pragma once
// What an auditor asks a log for.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/audit/identifiers.hpp"
#include "gateway/auditor/outcome.hpp"

namespace portcullis::auditor {

/// All that is given must hold; empty: anything does.
struct Conditions {
    std::string patient = {};  // Patient ID
    std::string study = {};    // Study Instance UID
    std::string instance =
        {};  // SOP Instance UID, also one that an object was sealed under, or that is missing
    /// Name of a peer, or AE titles: who called, who asked, who received. What a name stands for today is for
    /// the caller to add.
    std::vector<std::string> peers = {};
    std::string user = {};
    std::string event = {};
    std::string from = {}, to = {};  // both of times.hpp, inclusive
    std::optional<Outcome> outcome = {};

    bool by_identifier() const { return !patient.empty() || !study.empty() || !instance.empty(); }
};

/// Tells which lines of a log are asked for.
class Matcher {
  public:
    /// With `hidden`, also what the log has as hashes is found.
    Matcher(Conditions, const std::optional<audit::Identifiers>& hidden);

    /// False only for lines that matches() would not take: looks for the bytes of what is asked for.
    bool may_match(std::string_view line) const;
    bool matches(const audit::Logged&) const;
    /// Whether the line hides an identifier that is asked for, and whether it is that one cannot be told.
    bool is_hidden(std::string_view line) const;

  private:
    struct Wanted {
        std::vector<std::string> names;   // one of these values
        std::vector<std::string> values;  // is, or names, one of these
        bool lists = false;               // values are words of a list
        std::vector<std::string> traces;  // one of them is in the line
    };
    void want(std::vector<std::string> names, std::vector<std::string> values, bool lists = false);
    bool holds(const Wanted&, const audit::Logged&) const;

    const Conditions conditions_;
    std::vector<Wanted> wanted_;
    std::string event_trace_;
    bool cannot_tell_ = false;  // identifiers are asked for, and there is no key
};

}  // namespace portcullis::auditor
