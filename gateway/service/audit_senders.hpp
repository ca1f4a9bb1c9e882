#pragma once
// The senders of all audit record repositories, on one thread of their own that gives way to those that
// serve.

#include <boost/asio/io_context.hpp>
#include <future>
#include <memory>
#include <vector>

#include "gateway/service/audit_sender.hpp"
#include "gateway/service/services.hpp"

namespace portcullis::service {

class AuditSenders {
  public:
    /// Before the first record of this run: a repository that is new gets what comes from there on. Both must
    /// outlive it. Throws as AuditQueue does.
    AuditSenders(Services& services, const audit::AuditLog& log);
    ~AuditSenders();

    void start();
    /// Sends what is in the log, some seconds long, unless a repository is away; what is left is sent after
    /// the next start.
    void stop();

  private:
    std::vector<std::unique_ptr<AuditSender>> senders_;
    boost::asio::io_context io_{1};
    std::future<void> running_;
};

}  // namespace portcullis::service
