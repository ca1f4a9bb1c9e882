#pragma once
// The gateway's own message ids towards one archive: unique over everything that is in flight there, and not
// used again for as long as the number space allows, so that what an archive says late cannot be taken for an
// answer to something new.

#include <cstdint>
#include <mutex>
#include <optional>
#include <vector>

#include "gateway/base/names.hpp"

namespace portcullis::service {

/// Thread-safe.
class MessageIds {
  public:
    /// Nothing if all 65,535 are in flight. 0 is never given: some peers take it for absent.
    std::optional<MessageId> take() {
        const std::lock_guard lock(mutex_);
        for (std::uint32_t tries = 0; tries < 65535; ++tries) {
            last_ = last_ == 65535 ? std::uint16_t{1} : static_cast<std::uint16_t>(last_ + 1);
            if (in_flight_[last_]) continue;
            in_flight_[last_] = true;
            return MessageId{last_};
        }
        return std::nullopt;
    }

    void give_back(MessageId id) {
        const std::lock_guard lock(mutex_);
        in_flight_[static_cast<std::uint16_t>(id)] = false;
    }

  private:
    std::mutex mutex_;
    std::vector<bool> in_flight_ = std::vector<bool>(65536);
    std::uint16_t last_ = 0;
};

}  // namespace portcullis::service
