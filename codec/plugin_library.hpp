#pragma once
// A plugin in this process: loaded, and described as its contract (plugin.h) asks.

#include <string>

#include "codec/plugin.h"
#include "codec/plugin_image.hpp"

namespace portcullis::codec {

class PluginLibrary {
  public:
    /// Loads these bytes (plugin_image.hpp): its constructors run. Throws PluginError.
    explicit PluginLibrary(const std::string& bytes);
    PluginLibrary(const PluginLibrary&) = delete;
    PluginLibrary& operator=(const PluginLibrary&) = delete;
    ~PluginLibrary();

    /// Asks for the description and checks it. Throws PluginError.
    portcullis_plugin describe() const;

  private:
    FileDescriptor file_;  // stays open: the loader knows the library by its number
    void* handle_;
};

}  // namespace portcullis::codec
