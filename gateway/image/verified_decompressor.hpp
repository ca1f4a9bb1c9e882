#pragma once
#include <memory>

#include "gateway/image/recode.hpp"

namespace portcullis::image {

/// From a syntax of compression() to Explicit VR Little Endian, of an object that is verified: what is in it
/// is as its maker wrote it. Errors: as make_transcoder().
std::unique_ptr<Recoder> make_verified_decompressor(const TransferSyntax&);

}  // namespace portcullis::image
