#pragma once
#include <cstddef>
#include <string>

namespace portcullis {

/// "1 file", "2 files".
inline std::string counted(std::size_t count, const std::string& what) {
    return std::to_string(count) + ' ' + what + (count == 1 ? "" : "s");
}

}  // namespace portcullis
