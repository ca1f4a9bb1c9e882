#pragma once
#include <memory>

#include "gateway/image/recode.hpp"

namespace portcullis::image {

/// From Explicit to Implicit VR Little Endian (PS3.5 annex A). Sequences and items become such of undefined
/// length, since their length is another one now, and group lengths, which would not be true, are left out.
/// Errors: wrong_encapsulation.
std::unique_ptr<Recoder> make_implicit_writer();

}  // namespace portcullis::image
