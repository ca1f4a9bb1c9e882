#pragma once
// What is told of a codec beside its id, version and key length.

#include <string>

#include "codec/codec.hpp"

namespace portcullis::assurance {

/// Where it is from: "built in", or the file of the plugin.
std::string origin(const codec::Codec&);
/// Which of several implementations runs on this machine; empty where there is but one.
std::string implementation(const codec::Codec&);
/// Whether it encrypts at all: `none` leaves everything to AES-256-GCM.
bool is_cipher(const codec::Codec&);

}  // namespace portcullis::assurance
