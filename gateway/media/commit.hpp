#pragma once
// Makes complete files durable and puts them in their places, on a thread of its own: those that wait are
// done together, so that they share the syncs of their folders and the disk's log, and those who seal do not
// wait for the disk.

#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "gateway/media/new_file.hpp"

namespace portcullis::media {

class Committer {
  public:
    /// Why the file is not in its place, or nothing. Called on the committer's thread.
    using Done = std::function<void(std::optional<std::string> failure)>;

    Committer() : thread_([this] { run(); }) {}
    Committer(const Committer&) = delete;
    Committer& operator=(const Committer&) = delete;
    /// Returns when all is done.
    ~Committer();

    /// Waits while too many files wait. Called from several threads.
    void add(std::unique_ptr<NewFile>, Done);

  private:
    struct Waiting {
        std::unique_ptr<NewFile> file;
        Done done;
        std::optional<std::string> failure;
    };

    void run();
    static void commit(std::vector<Waiting>&);

    std::mutex mutex_;
    std::condition_variable changed_;
    std::vector<Waiting> waiting_;
    bool ending_ = false;
    std::thread thread_;  // the last: it uses the others
};

}  // namespace portcullis::media
