#pragma once
// What stands before the data set of a file (PS3.10 7.1): a preamble of 128 bytes, DICM, and group 0002 in
// Explicit VR Little Endian. It passes unchanged.

#include <string>

#include "gateway/base/bytes.hpp"
#include "gateway/image/transfer_syntax.hpp"

namespace portcullis::media {

struct FileHead {
    std::size_t length = 0;       // bytes before the data set
    std::string sop_class;        // (0002,0002), unpadded
    std::string transfer_syntax;  // (0002,0010), unpadded

    /// A DICOMDIR (PS3.10 8.6).
    bool is_directory() const;
};

/// `start`: the first bytes of the file, in which the head has to end. Throws Refused if it is no such file.
FileHead read_head(ByteView start);
/// The same head, but for the transfer syntax and what counts its bytes.
Bytes with_transfer_syntax(ByteView head, const Uid&);
/// Throws Refused if image does not carry it.
image::TransferSyntax transfer_syntax_of(const FileHead&);

}  // namespace portcullis::media
