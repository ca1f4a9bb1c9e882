#pragma once
// What administrators and scripts type. Answers go to `out`, errors to `err`, one line each: what, where,
// what to do. Exit status: 0 done, 1 failed, 2 usage or configuration.

#include <functional>
#include <iosfwd>
#include <vector>

#include "gateway/service/echo.hpp"
#include "gateway/settings.hpp"

namespace portcullis {

/// What the commands need of the rooms that use the network.
struct Commands {
    /// `run`: serves until it is stopped, by the configuration that the argument reads, again at each reload.
    /// Returns the exit status; throws std::exception with one line.
    std::function<int(std::function<Settings()>)> run;
    /// `check --connect`: one entry for each archive and peer with a host.
    std::function<std::vector<service::Echoed>(const Settings&)> connect;
    /// `policy grant` and `policy budgets`: what the running gateway answers to a line. Throws std::exception
    /// with one line.
    std::function<std::string(const Settings&, const std::string&)> ask = {};
};

int run_cli(int argc, const char* const* argv, const Commands& commands, std::ostream& out,
            std::ostream& err);
/// To standard output and standard error.
int run_cli(int argc, const char* const* argv, const Commands& commands);

}  // namespace portcullis
