#pragma once
// What all sessions of a gateway share.

#include <filesystem>
#include <map>
#include <memory>
#include <string>

#include "gateway/admin/metrics.hpp"
#include "gateway/audit/scribe.hpp"
#include "gateway/journal/journal.hpp"
#include "gateway/keys/keyring.hpp"
#include "gateway/net/association.hpp"
#include "gateway/net/pump.hpp"
#include "gateway/net/signal.hpp"
#include "gateway/registry/registry.hpp"
#include "gateway/service/access.hpp"
#include "gateway/service/free_space.hpp"
#include "gateway/service/message_ids.hpp"
#include "gateway/service/retrieval.hpp"
#include "gateway/service/spending.hpp"
#include "gateway/service/stores_in_flight.hpp"
#include "gateway/service/title_alone.hpp"
#include "gateway/settings.hpp"

namespace portcullis::service {

using net::Inflow;
using net::Leg;
using net::MessageHandler;
using net::Outgoing;

/// What the gateway says of itself in every association.
ul::Identity gateway_identity(const Settings& settings);

/// What is in flight at one archive.
struct ArchiveTraffic {
    MessageIds message_ids;
    Moves moves;
    StoresInFlight stores;
};

struct Services {
    const Settings& settings;
    const Codecs& codecs;
    const keys::Keyring& keys;
    registry::Registry& registry;
    journal::Journal& journal;
    const audit::Scribe& scribe;
    admin::Metrics& metrics;
    const CurrentAccess& access;
    TitleAlone& title_alone;
    Spending& spending;
    const FreeSpace& free_space;
    std::map<std::string, ArchiveTraffic> traffic;  // by name of the archive

    /// Whether everything is relayed as it comes, and what the policy says only reported (observe.hpp).
    bool observing() const { return settings.mode == Mode::observe; }
    /// Whether the disk is too full to serve. What is only observed is relayed all the same.
    bool short_of_space() const { return free_space.low() && !observing(); }
    ul::Identity identity() const { return gateway_identity(settings); }
    net::Timeouts timeouts() const;
    ul::DecodeLimits decode_limits() const;
};

/// Milliseconds since 1970-01-01 UTC.
std::uint64_t now_ms();

/// An audit record that nobody waits for; it is written with the next group commit.
void note(Services& services, audit::Record record);

/// An audit record of what became of an association that was asked for, and by whom.
audit::Record association_record(const std::string& outcome, const net::Association& association,
                                 const IpAddress& address);

/// If it is for TLS that a connection failed, an audit record says so. `side`: caller, archive or
/// destination; `who`: its address or name.
void note_if_tls(Services& services, const std::string& side, const std::string& who, const ErrorCode& error);

/// What must not happen did: an exception ended a session, or a part of it.
void note_fault(Services& services, const std::string& what);

/// Entries on their way to the disk, which other things may be done beside.
class BeingWritten {
  public:
    BeingWritten(const boost::asio::any_io_executor& executor, journal::Journal& journal,
                 std::vector<journal::Entry> entries);
    /// When they are there, or why they are not.
    net::Awaitable<ErrorCode> outcome();

  private:
    struct State {
        explicit State(const boost::asio::any_io_executor& executor) : known(executor) {}
        net::Signal known;
        ErrorCode error;
    };
    std::shared_ptr<State> state_;
};

/// Returns when the entries are on disk, or why they are not. A thread that serves one connection waits for a
/// quick disk by itself: to wake another takes about as long.
net::Awaitable<ErrorCode> make_durable(journal::Journal& journal, std::vector<journal::Entry> entries);
net::Awaitable<ErrorCode> make_durable(Services& services, audit::Record record);

/// A status as DICOM prints it: "A700".
std::string hex(std::uint16_t status);

}  // namespace portcullis::service
