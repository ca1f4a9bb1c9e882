#pragma once
// Whom we call, and as whom.

#include <memory>
#include <string>
#include <vector>

#include "gateway/net/leg.hpp"
#include "gateway/settings.hpp"

namespace portcullis::scu {

struct Call {
    std::string host;
    std::uint16_t port;
    AeTitle called;
    AeTitle calling;
    std::uint32_t pdu;  // bytes of a P-DATA-TF's variable field that we announce and send at most
    net::Timeouts timeouts;
    net::Clock::duration patience;              // for each message of the peer
    std::shared_ptr<const tls::Context> tls{};  // nullptr: plain TCP

    /// "PACS at 10.0.0.5:104".
    std::string where() const;
};

/// An archive, called by the gateway's own title.
Call call_of(const Settings&, const TlsContexts&, const Archive&);

/// Associations that are open, so that they can be closed when time is up. For one thread.
class Open {
  public:
    void add(const std::shared_ptr<net::Association>&);
    void close_all();

  private:
    std::vector<std::weak_ptr<net::Association>> associations_;
};

/// PS3.8 table 9-21, in words.
std::string describe(const ul::AssociateRj&);

/// An association with these contexts. Errors: as net::Association::request and net::Leg::make.
net::Awaitable<Result<std::shared_ptr<net::Leg>>> associate(const Call&, Open&,
                                                            std::vector<ul::ProposedContext>,
                                                            std::vector<ul::RoleSelection>,
                                                            ul::AssociateRj* rejection);

}  // namespace portcullis::scu
