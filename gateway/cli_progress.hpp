#pragma once
#include <unistd.h>

#include <iostream>
#include <string>

#include "gateway/cli_commands.hpp"

namespace portcullis::cli {

/// Tells people how far long work has come; silent in a pipe.
class Progress {
  public:
    explicit Progress(const Terminal& terminal)
        : shown_(&terminal.err == &std::cerr && ::isatty(STDERR_FILENO)), out_(terminal.err) {}
    Progress(const Progress&) = delete;
    Progress& operator=(const Progress&) = delete;
    ~Progress() { clear(); }
    void say(const std::string& what) {
        clear();
        if (shown_) out_ << what << std::flush;
    }

  private:
    void clear() {
        if (shown_) out_ << "\r\033[K" << std::flush;
    }
    const bool shown_;
    std::ostream& out_;
};

}  // namespace portcullis::cli
