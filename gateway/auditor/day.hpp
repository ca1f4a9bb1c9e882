#pragma once
// What a day's records add up to. Memory grows with the number of those who did something and of studies that
// were retrieved, not with the number of records: what anybody can cause is counted in groups, of which there
// is a limit.

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "gateway/audit/reader.hpp"

namespace portcullis::auditor {

/// Equal things, once. Key: the columns in which they are equal.
class Tally {
  public:
    struct Times {
        std::uint64_t count = 0;
        std::string first, last;  // as the log writes times
    };
    using Key = std::vector<std::string>;

    void add(Key key, const std::string& time);
    const std::map<Key, Times>& groups() const { return groups_; }
    std::uint64_t count() const { return count_; }

  private:
    std::map<Key, Times> groups_;
    std::uint64_t count_ = 0;
};

/// The first of them, and how many there were.
struct Listed {
    std::vector<audit::Logged> first;
    std::uint64_t count = 0;
    void add(const audit::Logged&);
};

/// What somebody asked for, and had sent to somewhere.
struct Access {
    std::set<std::string> studies, patients;
    std::uint64_t opened = 0;    // objects, delivered as they were before they were sealed
    std::uint64_t sealed = 0;    // delivered as they are in the archive
    std::uint64_t clear = 0;     // delivered that never were sealed
    std::uint64_t withheld = 0;  // by the gateway
    std::uint64_t failed = 0;    // the destination did not take them
    std::uint64_t bytes = 0;     // of data sets that were delivered, as the archive sent them

    std::uint64_t delivered() const { return opened + sealed + clear; }
};

/// Who asked, and where it went: as the log names them.
struct Asker {
    std::string operation;  // retrieve or push
    std::string calling_ae;
    std::string user;  // empty: none was confirmed
    std::string destination;
    auto operator<=>(const Asker&) const = default;
};

/// What became of objects that were to be stored.
struct Stored {
    std::uint64_t sealed = 0;
    std::uint64_t nothing_to_seal = 0;
    std::uint64_t sealed_already = 0;
    std::uint64_t passed = 0;   // in the clear, as the policy says
    std::uint64_t refused = 0;  // by the gateway
    std::uint64_t failed = 0;   // the archive did not take them, or did not answer
    std::uint64_t unknown = 0;  // a crash came between
    std::uint64_t bytes = 0;    // of what is stored, as it was sent

    std::uint64_t stored() const { return sealed + nothing_to_seal + sealed_already + passed; }
};

struct Day {
    std::uint64_t records = 0, first = 0, last = 0;  // numbers in the log
    Stored stored;
    std::map<Asker, Access> accesses;
    Tally refusals;  // operation, who, address, reason, rule, status
    Tally failures;  // what, who or what with, why
    Tally warnings;  // reason, whose
    Tally observed;  // operation, what would be done, who
    Tally keks;      // KEK that sealed
    Listed alerts;
    Listed exceptions;            // break-glass, budgets that were used up, and what was granted
    Listed absent;                // retrievals of which something did not come back
    Listed service;               // starts, stops, reloads, and what was done to keys and registry
    std::string checkpoint_time;  // of the last one; empty: there was none
    std::string checkpoint_size;  // how many records it speaks for
    std::string root_hash;        // of theirs
    std::string note;             // the checkpoint itself, signed

    void add(const audit::Logged&);

  private:
    void add_store(const audit::Logged&);
    void add_delivery(const audit::Logged&);
    void add_refusal(const audit::Logged&);
    void add_failure(const audit::Logged&);
    bool is_service(const audit::Logged&) const;
    bool is_exception(const audit::Logged&) const;
};

}  // namespace portcullis::auditor
