#pragma once
// Real images: those of Debian's package python3-pydicom and those in the folder that PORTCULLIS_SAMPLES
// names.

#include <string>
#include <vector>

#include "gateway/base/bytes.hpp"
#include "gateway/image/transfer_syntax.hpp"

namespace portcullis::image::test {

/// A file without its preamble and File Meta Information: what a C-STORE carries.
struct RealFile {
    std::string name;
    TransferSyntax transfer_syntax;
    Bytes data_set;
    bool broken = false;  // no data set in its transfer syntax, as the collection intends or DCMTK confirms
};

/// Every file whose transfer syntax the gateway carries, but for the deflated ones. Read once.
const std::vector<RealFile>& real_files();
/// The one of this name, which comes with python3-pydicom.
const RealFile& real_file(const std::string& name);
const RealFile& deflated_file(const std::string& name);

}  // namespace portcullis::image::test
