#pragma once
// The bytes of a plugin, from the file that the configuration names to memory that nobody can change.

#include <string>
#include <utility>

#include "codec/plugin_loader.hpp"

namespace portcullis::codec {

/// An open file, closed with it.
class FileDescriptor {
  public:
    explicit FileDescriptor(int number) : number_(number) {}
    FileDescriptor(FileDescriptor&& other) noexcept : number_(other.number_) { other.number_ = -1; }
    FileDescriptor& operator=(FileDescriptor&& other) noexcept {
        std::swap(number_, other.number_);
        return *this;
    }
    ~FileDescriptor();
    bool is_open() const { return number_ >= 0; }
    int number() const { return number_; }

  private:
    int number_;
};

/// "what: No such file or directory", of errno.
PluginError system_error(const std::string& what);

/// What the file holds now, if that is what its SHA-256 says. Throws PluginError.
std::string read_plugin_file(const PluginFile&);

/// A file in memory with these bytes, sealed: they stay as they are, whoever else has it open. Throws
/// PluginError.
FileDescriptor sealed_in_memory(const std::string& bytes);

}  // namespace portcullis::codec
