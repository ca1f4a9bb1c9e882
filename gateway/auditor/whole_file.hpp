#pragma once
// A file that is there whole or not at all, and that only its owner can read.

#include <filesystem>
#include <string>
#include <string_view>

#include "gateway/journal/file.hpp"

namespace portcullis::auditor {

class WholeFile {
  public:
    /// Begins it, beside its place. Throws std::runtime_error with one line, as all of these do.
    explicit WholeFile(std::filesystem::path place);
    WholeFile(const WholeFile&) = delete;
    WholeFile& operator=(const WholeFile&) = delete;
    /// Removes what was not completed.
    ~WholeFile();

    void append(std::string_view bytes);
    /// Makes it durable and puts it in its place; what stood there is replaced.
    void complete();

  private:
    void write_out();

    const std::filesystem::path place_;
    const std::filesystem::path temporary_;
    const journal::File file_;
    std::string waiting_;
    bool complete_ = false;
};

}  // namespace portcullis::auditor
