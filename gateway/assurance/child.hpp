#pragma once
// A program that eats bytes.

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "gateway/base/bytes.hpp"

namespace portcullis::assurance {

struct Fed {
    std::string output;       // standard output and error, at most 1 MiB
    std::uint64_t taken = 0;  // bytes; a little more than the program read
    bool all = false;         // it took all there were
    int status = 0;           // as of waitpid(2)
};

/// Starts `words[0]`, found in PATH, and gives to its standard input what `next` gives, until the program
/// ends or `limit` bytes are given. Nothing if it is not installed. Throws std::system_error.
std::optional<Fed> feed(const std::vector<std::string>& words, const std::function<ByteView()>& next,
                        std::uint64_t limit);

}  // namespace portcullis::assurance
