#pragma once
// What a crash left open: stores whose envelope is on disk, but not what came of them. Each is closed in the
// audit as unknown, and the archive is asked whether it holds the object.

#include <condition_variable>
#include <mutex>
#include <thread>
#include <vector>

#include "gateway/service/services.hpp"

namespace portcullis::scu {
class Client;
}

namespace portcullis::service {

class OpenIntents {
  public:
    /// Before the first session: what is open later is in hand. `services` must outlive it.
    explicit OpenIntents(Services& services);
    ~OpenIntents();

    void start();
    /// Returns when nothing is asked any more; a question that is under way is waited for, some seconds.
    void stop();

  private:
    void run();
    bool stopping() const;
    void ask(const Archive& archive);
    void ask(scu::Client& client, const registry::OpenIntent& intent);

    Services& services_;
    std::vector<registry::OpenIntent> open_;
    mutable std::mutex mutex_;
    std::condition_variable stopped_;
    bool stopping_ = false;
    std::thread thread_;
};

}  // namespace portcullis::service
