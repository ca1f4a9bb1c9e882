#pragma once
// A folder of the test's own, and files in it.

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "gateway/base/bytes.hpp"
#include "tests/support/temporary_folder.hpp"

namespace portcullis::media::test {

namespace fs = std::filesystem;

inline Bytes content(const fs::path& path) {
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

class Folder : public portcullis::support::TemporaryFolder {
  public:
    /// With the folders above it.
    fs::path write(const fs::path& name, ByteView bytes) const {
        fs::create_directories((*this / name).parent_path());
        std::ofstream(*this / name, std::ios::binary)
            .write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
        return *this / name;
    }
    fs::path write(const fs::path& name, std::string_view text = "x") const {
        return write(name, as_bytes(text));
    }
    /// Every file in it at any depth, by its path from here, sorted.
    std::vector<std::string> names() const {
        std::vector<std::string> found;
        for (const auto& entry : fs::recursive_directory_iterator(path()))
            if (!entry.is_directory()) found.push_back(entry.path().lexically_relative(path()).string());
        std::sort(found.begin(), found.end());
        return found;
    }
};

}  // namespace portcullis::media::test
