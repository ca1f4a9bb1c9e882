#pragma once
// One connection to an audit record repository: TLS (RFC 5425), TCP (RFC 6587, octet counting) or UDP (RFC
// 5426). Syslog has no acknowledgement. Over TLS and TCP a connection that ends in order stands for one:
// whoever closes because we have ended has read everything. Over UDP nothing does, unless the host says that
// nobody listens.

#include <memory>
#include <string>

#include "gateway/net/association.hpp"
#include "gateway/settings.hpp"

namespace portcullis::service {

class AuditChannel {
  public:
    virtual ~AuditChannel() = default;
    /// Takes a message, which may leave with later ones. Errors: as of flush(); message_size: the transport
    /// takes none so long, and the next may be sent.
    virtual net::Awaitable<Result<void>> send(std::string message) = 0;
    /// All that was taken leaves. Errors: those of gateway/net and gateway/tls; the connection is then of no
    /// use, also if the peer has ended it.
    virtual net::Awaitable<Result<void>> flush() = 0;
    /// Ends it: success means that all that was sent arrived, as far as the transport can say. `settle`: a
    /// program that dies with messages that it has read is told from one that has dealt with them if it dies
    /// within this time.
    virtual net::Awaitable<Result<void>> conclude(net::Clock::duration settle) = 0;
};

/// `tls`: of a repository with that transport. The timeouts of connecting and writing count.
net::Awaitable<Result<std::unique_ptr<AuditChannel>>> open_channel(Repository repository,
                                                                   std::shared_ptr<const tls::Context> tls,
                                                                   net::Timeouts timeouts);

}  // namespace portcullis::service
