#pragma once
// What plugin.h asks of a cipher, as far as a test can ask it.

#include <functional>
#include <string>

#include "codec/keyholder.hpp"
#include "codec/plugin.h"

namespace portcullis::codec {

/// Told before each call into the plugin which one it is: who watches knows what did not return.
using Watch = std::function<void(const std::string& call)>;

/// Units of many lengths under several keys, each unit and key flush against memory that nobody may touch: a
/// plugin that leaves its bounds dies here, so this is for a process of its own. Returns the SHA-256 of all
/// that it encrypted, which must be the same in every process. Throws PluginError with what is wrong.
Digest self_test(const portcullis_plugin&, const Watch&);

}  // namespace portcullis::codec
