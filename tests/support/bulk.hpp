#pragma once
// The values of a DICOM object that carry images or other bulk content, at any depth, and those that do not.

#include <string>
#include <vector>

#include "tests/support/dicom_file.hpp"

namespace portcullis::judge {

struct BulkValue {
    std::string path;         // "(0088,0200)[1].(7FE0,0010)", of a fragment with " fragment 1" behind it
    Bytes bytes;              // words in little-endian order
    std::size_t sample_size;  // bytes of one sample or word: what a run of one value repeats
    std::size_t word_size;    // bytes that turn around together in a big-endian file
};

struct Content {
    std::vector<BulkValue> bulk;
    Bytes readable;  // all other values, one after the other
};

/// Bulk: pixel data of all kinds, native or in fragments; overlays, curves, audio, waveforms, spectroscopy,
/// encapsulated documents; private values of 256 bytes and more, in Explicit VR only those of bulk VRs.
/// Throws std::runtime_error if a value cannot be read.
Content content_of(DcmFileFormat&);

}  // namespace portcullis::judge
