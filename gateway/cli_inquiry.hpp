#pragma once
// What an auditor types to ask a log.

#include <memory>
#include <optional>

#include "gateway/auditor/search.hpp"
#include "gateway/cli_words.hpp"

namespace portcullis::cli {

/// Where the log is, and what is asked of it.
struct Inquiry {
    std::string config, log, keyring;
    auditor::Conditions conditions;
    std::string peer;
    std::string from, to, outcome;  // as typed

    /// The configuration, if it was named.
    std::optional<Settings> settings() const;
    /// Begins to search.
    auditor::Search search() const;
};

/// --config FILE, or --log DIR.
void add_log(CLI::App& command, const std::shared_ptr<Inquiry>&);
/// The same, with --keyring, and all conditions.
void add_conditions(CLI::App& command, const std::shared_ptr<Inquiry>&);

void add_audit_search(CLI::App& audit, Typed& typed);
void add_audit_export(CLI::App& audit, Typed& typed);
void add_audit_report(CLI::App& audit, Typed& typed);

}  // namespace portcullis::cli
