#pragma once
// Records of a log that somebody asks for, in its order, with one of them in memory at a time.

#include <filesystem>

#include "gateway/auditor/conditions.hpp"
#include "gateway/auditor/window.hpp"

namespace portcullis::auditor {

class Search {
  public:
    /// Without `hidden` identifiers that the log has as hashes cannot be looked up. Throws
    /// std::runtime_error with one line, as next() does.
    Search(const std::filesystem::path& log, Conditions, std::optional<audit::Identifiers> hidden);

    struct Found {
        std::string_view line;  // until the next call
        audit::Logged logged;
    };
    /// Nothing: there are no more. Throws also where a line is no record, and where one hides an identifier
    /// that is asked for and there is no key.
    std::optional<Found> next();

  private:
    Window lines_;
    const Matcher matcher_;
};

}  // namespace portcullis::auditor
