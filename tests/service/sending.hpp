#pragma once
// A sender of audit messages by itself, with a log that the test writes; it runs on a thread of its own.

#include <boost/asio/io_context.hpp>
#include <filesystem>
#include <future>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "gateway/service/audit_sender.hpp"
#include "tests/service/wire.hpp"
#include "tests/support/temporary_folder.hpp"

namespace portcullis::service::test {

using support::TemporaryFolder;

/// A log in a folder of its own.
class WrittenLog {
  public:
    WrittenLog() : log_(folder_.path()) {}

    /// From any thread. Records of the event "intent" have no message.
    void write(audit::Record record);
    void write(const std::string& what, const std::string& event = "start") {
        write(audit::Record(event, {{"what", what}}));
    }
    std::uint64_t records() const { return log_.next(); }
    /// What stands in the log of the event "failure".
    std::vector<audit::Logged> failures() const;
    const std::filesystem::path& folder() const { return folder_.path(); }

    /// "RECORD EVENT WHAT", so that a test knows what must come.
    static std::optional<std::string> message(const audit::Logged&);

  private:
    TemporaryFolder folder_;
    audit::AuditLog log_;
    std::mutex mutex_;
};

class Sending {
  public:
    Sending(WrittenLog& log, Repository repository, std::shared_ptr<const tls::Context> tls = nullptr);
    ~Sending() { kill(); }

    /// As at the end of the gateway.
    void finish();
    /// As when it is killed.
    void kill();
    /// The number of the first record that is not known to have arrived, as it is on the disk.
    std::uint64_t first() const;
    /// Whether all that is in the log is known to have arrived, within this time.
    bool comes_to_rest(net::Clock::duration time = patience) const;
    /// Of a time series of this repository: portcullis_audit_syslog_NAME.
    double metric(const std::string& name, const std::string& more = "") const;

    static Repository at(std::uint16_t port, SyslogTransport transport = SyslogTransport::tcp) {
        return {"127.0.0.1", port, transport, {}};
    }

  private:
    const WrittenLog& log_;
    const Repository repository_;
    admin::Metrics metrics_;
    AuditSender sender_;
    boost::asio::io_context io_;
    std::future<void> running_;
};

}  // namespace portcullis::service::test
