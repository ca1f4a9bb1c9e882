#pragma once
// The words of the command line: what is shared by the commands, and the groups of them that have a file of
// their own.

#include <CLI/CLI.hpp>
#include <filesystem>
#include <functional>
#include <string>

#include "gateway/cli_commands.hpp"

namespace portcullis::cli {

/// What was typed, and what it asks for.
struct Typed {
    std::string config;
    std::string keyring;
    std::string log;
    bool json = false;
    bool connect = false;
    std::string archive;
    double seconds = 5;
    CodecReport report;
    MediaWork media;
    bool in_place = false;
    RebuildWork rebuild;
    std::function<int(const Terminal&)> action;

    std::filesystem::path keyring_folder() const {
        return config.empty() ? std::filesystem::path(keyring) : read_settings(config).keyring;
    }
    std::filesystem::path log_folder() const {
        return config.empty() ? std::filesystem::path(log) : read_settings(config).audit;
    }
};

/// A command that does this.
CLI::App& add_command(CLI::App& parent, const char* name, const char* what, Typed& typed,
                      std::function<int(const Terminal&)> action);
void add_json(CLI::App& command, Typed& typed);
CLI::Option* add_config(CLI::App& command, Typed& typed);
/// --config FILE, or what it would name.
void add_place(CLI::App& command, Typed& typed, const char* option, std::string& folder, const char* what);

void add_audit(CLI::App& app, Typed& typed);
void add_policy(CLI::App& app, Typed& typed, const Commands& commands);
// Of the group `policy`.
void add_grant(CLI::App& policy, Typed& typed, const Commands& commands);
void add_budgets(CLI::App& policy, Typed& typed, const Commands& commands);

}  // namespace portcullis::cli
