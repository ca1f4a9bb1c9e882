#pragma once
// A folder of the test's own, and files in it.

#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "gateway/base/bytes.hpp"

namespace portcullis::media::test {

namespace fs = std::filesystem;

inline Bytes content(const fs::path& path) {
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

class Folder {
  public:
    Folder() {
        std::string name = (fs::temp_directory_path() / "portcullis-media-XXXXXX").string();
        path_ = ::mkdtemp(name.data());
    }
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;
    ~Folder() { fs::remove_all(path_); }

    /// With the folders above it.
    fs::path write(const fs::path& name, ByteView bytes) const {
        fs::create_directories((path_ / name).parent_path());
        std::ofstream(path_ / name, std::ios::binary)
            .write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
        return path_ / name;
    }
    fs::path write(const fs::path& name, std::string_view text = "x") const {
        return write(name, as_bytes(text));
    }
    fs::path operator/(const fs::path& name) const { return path_ / name; }
    const fs::path& path() const { return path_; }
    /// Every file in it at any depth, by its path from here, sorted.
    std::vector<std::string> names() const {
        std::vector<std::string> found;
        for (const auto& entry : fs::recursive_directory_iterator(path_))
            if (!entry.is_directory()) found.push_back(entry.path().lexically_relative(path_).string());
        std::sort(found.begin(), found.end());
        return found;
    }

  private:
    fs::path path_;
};

}  // namespace portcullis::media::test
