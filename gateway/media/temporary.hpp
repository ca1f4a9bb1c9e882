#pragma once
// Names of files that are not complete: ".NAME.portcullis-XXXXXX" beside NAME. While it is written such a
// file is locked (flock); one that is not locked was left by a run that was killed.

#include <filesystem>
#include <string_view>

#include "gateway/media/descriptor.hpp"

namespace portcullis::media {

bool is_temporary(std::string_view file_name);

/// Makes one beside `destination`, readable by its owner only, and locks it; `path` is its name. Throws
/// Refused.
Descriptor make_temporary(const std::filesystem::path& destination, std::filesystem::path& path);

/// Removes what killed runs left in a folder, if it is there; nothing else. What cannot be removed stays.
void remove_leftovers(const std::filesystem::path& folder);

}  // namespace portcullis::media
