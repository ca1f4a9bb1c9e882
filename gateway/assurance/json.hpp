#pragma once
// What the report and the commands tell scripts in the same words.

#include <nlohmann/json.hpp>

#include "codec/codec.hpp"
#include "gateway/assurance/bench.hpp"

namespace portcullis::assurance {

/// Id, version, bytes of key, where from, implementation.
nlohmann::ordered_json describe(const codec::Codec&);
/// Speeds and ratios, and milliseconds of an image.
nlohmann::ordered_json describe(const Bench&);

}  // namespace portcullis::assurance
