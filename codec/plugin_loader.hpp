#pragma once
// Codecs from shared objects (plugin.h), from a list of allowed files.

#include <stdexcept>
#include <string>

#include "codec/codec.hpp"
#include "codec/keyholder.hpp"

namespace portcullis::codec {

/// What the configuration allows: this file, if it is still the one that was looked at.
struct PluginFile {
    std::string path;  // absolute
    Digest sha256;
    bool operator==(const PluginFile&) const = default;
};

/// One line: what is wrong with the file.
class PluginError : public std::runtime_error {
    using std::runtime_error::runtime_error;
};

/// For all that a plugin does in one child process, from its constructors to the last unit.
inline constexpr unsigned self_test_seconds = 20;

/// Reads the file once, compares its SHA-256, lets it pass its self-test in child processes, and loads the
/// very bytes that were compared. They stay loaded as long as the codec, a copy of it, or a cipher of it.
/// Throws PluginError. To be called before the process has threads: it forks.
Codec load_plugin(const PluginFile&, unsigned most_seconds = self_test_seconds);

}  // namespace portcullis::codec
