#pragma once
// The self-test of a plugin in a process of its own, which may die of it.

#include <string>

#include "codec/keyholder.hpp"

namespace portcullis::codec {

/// What a plugin said of itself, and did.
struct Trial {
    std::string id;
    std::uint16_t version;
    std::uint32_t key_length;
    Digest encrypted;  // of all that was encrypted (plugin_self_test.hpp)
    bool operator==(const Trial&) const = default;
};

enum class Place { usual, other };  // in the address space

/// Forks, and loads and tests the plugin with these bytes in the child. Throws PluginError: with what the
/// self-test found, or with how the child ended.
Trial try_out(const std::string& bytes, unsigned most_seconds, Place);

}  // namespace portcullis::codec
