#pragma once
// The certificates in use. They are read again while associations run: those keep what they began with, the
// next ones get what is new.

#include <memory>
#include <mutex>

#include "gateway/settings.hpp"

namespace portcullis::service {

class Certificates {
  public:
    /// Throws SettingsError.
    explicit Certificates(const Settings& settings)
        : settings_(settings), current_(std::make_shared<const TlsContexts>(load_tls(settings))) {}

    // Thread-safe.

    /// Reads all files of the configuration again. Throws SettingsError; what was in use then stays.
    void reload() {
        auto fresh = std::make_shared<const TlsContexts>(load_tls(settings_));
        const std::lock_guard lock(mutex_);
        current_ = std::move(fresh);
    }
    std::shared_ptr<const TlsContexts> current() const {
        const std::lock_guard lock(mutex_);
        return current_;
    }

  private:
    const Settings& settings_;
    mutable std::mutex mutex_;
    std::shared_ptr<const TlsContexts> current_;
};

}  // namespace portcullis::service
