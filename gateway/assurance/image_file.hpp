#pragma once
// Images out of DICOM files (PS3.10).

#include <filesystem>
#include <string>
#include <variant>
#include <vector>

#include "gateway/assurance/image.hpp"

namespace portcullis::assurance {

/// Larger files are not judged: an image is held in memory twice.
inline constexpr std::uintmax_t largest_file = std::uintmax_t{2} << 30;

/// A file that is not judged, and why.
struct Skipped {
    std::string path;
    std::string why;
};

/// The pixels of a file as the gateway would seal them. Skipped: no DICOM file, an encoding that the gateway
/// does not carry, no data set in its encoding, no pixels, too large.
std::variant<Image, Skipped> read_image(const std::filesystem::path&);

/// All files under a folder, by name; the file itself if it is one. Throws std::filesystem::filesystem_error.
std::vector<std::filesystem::path> files_under(const std::filesystem::path&);

}  // namespace portcullis::assurance
