#pragma once
// The plugins that were built beside this test, as files.

#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>

#include "codec/digest.hpp"
#include "codec/plugin_loader.hpp"

namespace portcullis::test {

inline std::string contents(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    if (!file) throw std::runtime_error(path + " is not there");
    return {std::istreambuf_iterator<char>(file), {}};
}

inline codec::Digest digest_of(const std::string& bytes) {
    return codec::sha256({{reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()}});
}

/// As it is now, and allowed so.
inline codec::PluginFile allowed(const std::string& path) {
    return {path, digest_of(contents(path))};
}

inline std::string built_plugin(const std::string& name) {
    return PORTCULLIS_TEST_PLUGINS "/" + name + ".so";
}

/// A file of its own that goes with it.
class TemporaryFile {
  public:
    explicit TemporaryFile(const std::string& bytes) {
        std::string name = (std::filesystem::temp_directory_path() / "portcullis-plugin-XXXXXX").string();
        ::close(::mkstemp(name.data()));
        path_ = name;
        write(bytes);
    }
    TemporaryFile(const TemporaryFile&) = delete;
    TemporaryFile& operator=(const TemporaryFile&) = delete;
    ~TemporaryFile() { std::filesystem::remove(path_); }
    const std::string& path() const { return path_; }
    void write(const std::string& bytes) const { std::ofstream(path_, std::ios::binary) << bytes; }

  private:
    std::string path_;
};

}  // namespace portcullis::test
