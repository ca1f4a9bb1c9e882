#pragma once
// Reading DICOM files for judgement: through DCMTK, values as bytes.

#include <dcmtk/config/osconfig.h>
#include <dcmtk/dcmdata/dcfcache.h>
#include <dcmtk/dcmdata/dcpixel.h>
#include <dcmtk/dcmdata/dcpixseq.h>
#include <dcmtk/dcmdata/dcpxitem.h>
#include <dcmtk/dcmdata/dctk.h>

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace portcullis::judge {

/// Large values stay in the file until asked for. Throws std::runtime_error with one line.
std::unique_ptr<DcmFileFormat> read_file(const std::filesystem::path&);

/// "(7FE0,0010)"
std::string tag_text(const DcmTagKey&);

/// An encapsulated Pixel Data element in its original encoding, or nullptr if the element is anything else.
DcmPixelSequence* encapsulated(DcmElement&);

/// Reads values piece by piece, in little-endian byte order, without loading them whole.
class ValueReader {
  public:
    explicit ValueReader(DcmElement& element) : element_(element), length_(element.getLength()) {}
    std::uint32_t length() const { return length_; }
    /// offset + size is at most length(). Throws std::runtime_error.
    void read(std::uint32_t offset, void* into, std::uint32_t size);

  private:
    DcmElement& element_;
    std::uint32_t length_;
    DcmFileCache cache_;
};

using Bytes = std::vector<std::uint8_t>;

Bytes whole_value(DcmElement&);

/// The pixel bytes of the top-level Pixel Data: one region if native, else one per fragment, without the
/// offset table. Empty if there is none.
std::vector<Bytes> pixel_regions(DcmDataset&);

}  // namespace portcullis::judge
