#pragma once
#include <cstdint>

namespace portcullis::image {

/// Whether the standard (PS3.6 6) defines a tag as a sequence: what Implicit VR does not say.
bool is_sequence_tag(std::uint32_t tag);

}  // namespace portcullis::image
