#pragma once
#include <string>

#include "gateway/settings.hpp"

namespace portcullis::cli {

/// The archive that --archive names; empty: the first of the configuration. Throws SettingsError.
inline const Archive& archive_of(const Settings& settings, const std::string& name) {
    if (name.empty()) return settings.archives.front();
    if (const auto* archive = settings.archive_named(name)) return *archive;
    throw SettingsError("--archive: the configuration has no archive '" + name + "'");
}

}  // namespace portcullis::cli
