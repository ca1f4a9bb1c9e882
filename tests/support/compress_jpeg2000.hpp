#pragma once
// An archive that compresses by JPEG 2000.

#include "tests/support/dicom_file.hpp"

namespace portcullis::judge {

/// Native integer pixels of 8 or 16 bits become one codestream for each frame, by the samples that Bits
/// Stored names, as archives do; colours become YBR_RCT, side by side. Write it as EXS_JPEG2000LosslessOnly.
/// Throws std::runtime_error.
void compress_jpeg2000(DcmDataset&);

}  // namespace portcullis::judge
