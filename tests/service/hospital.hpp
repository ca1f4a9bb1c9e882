#pragma once
// A gateway of the test's own, with a registry, a journal, an audit log and keys in a temporary folder, an
// archive and a workstation.

#include <filesystem>
#include <functional>
#include <memory>
#include <nlohmann/json.hpp>
#include <thread>

#include "gateway/service/gateway.hpp"
#include "tests/service/messages.hpp"
#include "tests/service/node.hpp"
#include "tests/support/temporary_folder.hpp"

namespace portcullis::service::test {

using support::TemporaryFolder;

/// Both sides of an association through the gateway.
struct Associated {
    Peer scanner;
    Peer archive;
};

/// A C-MOVE that has reached the archive.
struct Moving {
    Peer viewer;
    Peer archive;
    dimse::Command asked;  // as the archive got it
};

using Records = std::vector<nlohmann::json>;

class Hospital {
  public:
    /// The archive PACS ("main"), which knows the gateway as PORTCULLIS; the workstation WS1
    /// ("reading-room"), which may retrieve to itself. `change` may alter any of it.
    explicit Hospital(const std::function<void(Settings&)>& change = {});
    ~Hospital();

    /// A scanner or viewer that asks for an association.
    Call call(const ul::AssociateRq& request);
    /// The same, up to where the archive has accepted it.
    Associated associate(const ul::AssociateRq& request, const Answer& answer = accept_everything);
    /// The archive asks for an association to deliver images in context 1.
    Peer deliver(const std::string& called = "PORTCULLIS",
                 const std::string& transfer_syntax = uid::explicit_le);
    /// WS1 has asked, in message 7, that this be sent to itself.
    Moving move(const Bytes& identifier);
    /// Has a scanner store the image; what the archive then holds.
    Bytes store(const Object& object);

    /// Begins to stop the gateway, as SIGTERM does.
    void stop() { gateway_->stop(); }
    /// Stops the gateway and starts it again, on what it left on the disk.
    void restart(const std::function<void(Settings&)>& change = {});
    /// Changes the configuration of the gateway that runs, as SIGHUP does.
    void reload(const std::function<void(Settings&)>& change);
    /// Returns when the gateway has stopped and everything is written.
    void wait_for_end();
    /// Whether connections to this port are refused, within the patience.
    bool refuses_calls(std::uint16_t port);
    std::uint16_t port(const std::string& listener) const { return gateway_->port(listener); }
    /// What the gateway's metrics say of this time series; empty if it is not there.
    std::string metric(const std::string& series) const;
    /// Stops the gateway; then all that the audit says with these values.
    Records audit(const nlohmann::json& values);

    Wire wire;
    Node archive{wire};
    Node workstation{wire};
    TemporaryFolder folder;

  private:
    Settings settings() const;
    void start();

    Settings settings_;
    std::unique_ptr<Gateway> gateway_;
    std::thread running_;
};

/// A scanner CT1 that proposes images to the archive, in context 1.
ul::AssociateRq scanner_proposal();
/// The workstation WS1: C-MOVE in context 1, C-FIND in 3.
ul::AssociateRq viewer_proposal(const std::string& calling = "WS1");

}  // namespace portcullis::service::test
