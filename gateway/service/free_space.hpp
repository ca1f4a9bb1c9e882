#pragma once
// A full disk stops serving before it stops auditing: when little is left of the disk on which the journal,
// the audit log or the registry grow, nothing is stored or handed out any more, and what is left is for the
// records that say so.

#include <atomic>
#include <boost/asio/steady_timer.hpp>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <vector>

namespace portcullis::service {

struct Services;

class FreeSpace {
  public:
    using Measure = std::function<std::uintmax_t(const std::filesystem::path&)>;

    /// `measure`: bytes that are free where the folder is; what cannot be measured counts as 0.
    FreeSpace(std::vector<std::filesystem::path> folders, std::uintmax_t least, Measure measure = available);

    /// Measures; whether low() has changed.
    bool look();
    /// Thread-safe.
    bool low() const { return low_; }
    /// Of the fullest of the disks, as it was measured last.
    std::uintmax_t bytes() const { return bytes_; }

    /// What an unprivileged user may still write there, in bytes.
    static std::uintmax_t available(const std::filesystem::path& folder);

  private:
    const std::vector<std::filesystem::path> folders_;
    const std::uintmax_t least_;
    const Measure measure_;
    std::atomic<bool> low_ = false;
    std::atomic<std::uintmax_t> bytes_ = 0;
};

/// Looks once a second. Logs and audits whenever that changes whether anything is served.
class FreeSpaceWatch {
  public:
    FreeSpaceWatch(const boost::asio::any_io_executor& executor, FreeSpace& space, Services& services);
    void start();

  private:
    void look_again();
    void tell(bool changed) const;

    FreeSpace& space_;
    Services& services_;
    boost::asio::steady_timer timer_;
};

}  // namespace portcullis::service
