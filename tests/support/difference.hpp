#pragma once
// Compares two DICOM objects element for element, value for value, pixels bit for bit, at every depth.
//
// Group lengths and the file meta information are not compared, but for the Transfer Syntax UID. Of
// encapsulated pixels the offset table, the number of fragments and all their bytes in order are compared.
// Values are compared as bytes in little-endian order. VRs are compared unless a file is in Implicit VR.

#include <functional>
#include <string>

#include "tests/support/dicom_file.hpp"

namespace portcullis::judge {

struct Difference {
    std::string path;    // "(0040,0275)[1].(0008,1150)", items counted from 1
    std::string kind;    // missing, added, vr, value, items, encapsulation, offset-table, fragments
    std::string detail;  // for people
    /// The path without item numbers, and the kind: by this name a difference is subtracted.
    std::string name() const;
};

/// Told of every difference in order; answers whether to go on.
using Report = std::function<bool(const Difference&)>;

/// Throws std::runtime_error if a value cannot be read.
void compare(DcmFileFormat& expected, DcmFileFormat& actual, const Report&);

}  // namespace portcullis::judge
