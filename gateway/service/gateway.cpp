#include "gateway/service/gateway.hpp"

#include <algorithm>
#include <atomic>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/system_timer.hpp>
#include <csignal>
#include <future>
#include <mutex>
#include <vector>

#include "gateway/admin/http.hpp"
#include "gateway/admin/log.hpp"
#include "gateway/base/processors.hpp"
#include "gateway/net/listener.hpp"
#include "gateway/service/administration.hpp"
#include "gateway/service/audit_senders.hpp"
#include "gateway/service/checkpoints.hpp"
#include "gateway/service/control.hpp"
#include "gateway/service/keys_in_use.hpp"
#include "gateway/service/observe.hpp"
#include "gateway/service/open_intents.hpp"
#include "gateway/service/reception.hpp"

namespace portcullis::service {

namespace asio = boost::asio;
using admin::Level;

namespace {

constexpr std::chrono::seconds last_words{8};  // for connections that were closed at the deadline to end
constexpr std::chrono::milliseconds look_again{20};  // while waiting for associations to finish

/// More than there are processors: a connection that computes for long, or waits for a slow disk, holds up
/// those that share its thread, and no others.
unsigned serving_threads() {
    return std::max(4U, 2 * processors());
}

void refuse_to_restart(const std::vector<std::string>& changed) {
    if (changed.empty()) return;
    std::string names;
    for (const auto& name : changed) names += (names.empty() ? "" : ", ") + name;
    throw SettingsError("changed in the configuration: " + names +
                        ", which needs a restart; restart the gateway, or take the change back and reload");
}

/// Those of before a reload, and those that are trusted by their title since.
std::vector<policy::Peer> of_either(const policy::Policy& before, const std::vector<policy::Peer>& now) {
    auto peers = before.peers();
    for (const auto& peer : now) {
        const auto* known = before.peer(peer.name);
        if (!known || !known->title_only) peers.push_back(peer);
    }
    return peers;
}

std::map<std::string, ArchiveTraffic> traffic_of(const Settings& settings) {
    std::map<std::string, ArchiveTraffic> traffic;
    for (const auto& archive : settings.archives) traffic[archive.name];
    return traffic;
}

}  // namespace

struct Gateway::Impl {
    explicit Impl(std::function<Settings()> given);

    journal::Options journal_options();
    void listen();
    void write(const audit::Record& record);
    void warn();
    void note_start();
    void warn_of(const std::vector<policy::Peer>& peers);
    void audit_title_alone();
    void note_title_alone(const std::vector<policy::Peer>& peers);
    bool ready(std::string& reason) const;
    void reload();
    void reload_on_hangup();
    asio::awaitable<void> wind_down();

    const std::function<Settings()> read;
    const Settings settings;  // of the start: of what a reload exchanges `access` has what counts
    const Codecs codecs;
    CurrentAccess access;
    std::mutex reloading;
    const std::unique_ptr<keys::Keyring> keys;
    registry::Registry registry;
    audit::AuditLog audit_log;
    admin::Metrics metrics;
    journal::Journal journal;
    const audit::Scribe scribe;
    TitleAlone title_alone;
    Spending spending;
    FreeSpace free_space;
    Services services;
    OpenIntents open_intents;
    AuditSenders audit_senders;
    // What sessions refer to stands before the threads: they destroy, last, those that did not end in time.
    Running running;
    std::shared_ptr<net::Admission> admission;
    net::Threads threads;
    std::vector<std::unique_ptr<net::Listener>> listeners;
    std::unique_ptr<admin::HttpServer> http;
    Administration administration{services};
    std::unique_ptr<ControlSocket> control;
    asio::signal_set signals{threads.control()};
    asio::signal_set hangup{threads.control()};
    asio::system_timer midnight{threads.control()};
    FreeSpaceWatch space_watch{threads.control(), free_space, services};
    std::atomic<bool> stopping = false;
};

Gateway::Impl::Impl(std::function<Settings()> given)
    : read(std::move(given)),
      settings(read()),
      codecs(load_codecs(settings)),
      access(std::make_shared<const Access>(settings)),
      keys(keys::Keyring::open(settings.keyring)),
      registry(settings.registry),
      audit_log(settings.audit, audit_options(settings)),
      journal(settings.journal, registry, audit_log, journal_options()),
      scribe(settings.hashed_identifiers ? audit::Identifiers::hashed(settings.keyring)
                                         : audit::Identifiers()),
      spending(access, journal, scribe, metrics),
      free_space({settings.journal, settings.audit, registry.folder()}, settings.limits.free_space),
      services{settings, codecs, *keys,       registry, journal,    scribe,
               metrics,  access, title_alone, spending, free_space, traffic_of(settings)},
      open_intents(services),
      audit_senders(services, audit_log),
      admission(std::make_shared<net::Admission>(settings.limits.associations, settings.limits.per_peer)),
      threads(serving_threads()) {
    spending.recall(settings.audit);
    listen();
    http =
        std::make_unique<admin::HttpServer>(threads.control(), settings.admin_address, settings.admin_port,
                                            metrics, [this](std::string& reason) { return ready(reason); });
    const auto answer = [this](std::string line, std::uint32_t uid) {
        return administration.answer(std::move(line), uid);
    };
    control = std::make_unique<ControlSocket>(threads.control(), control_path(settings), answer);
}

journal::Options Gateway::Impl::journal_options() {
    journal::Options options;
    options.on_commit = [this](const journal::Commit& commit) {
        metrics.journal_commit(commit.entries, commit.time.count());
    };
    return options;
}

void Gateway::Impl::listen() {
    for (const auto& listener : settings.listen) {
        const auto serve = [this, &listener](net::Stream stream, IpAddress address) {
            return receive(services, running, listener, std::move(stream), address);
        };
        const auto turned_away = [this](const IpAddress& address) {
            metrics.association_rejected("limit");
            note(services, audit::Record("association", {{"outcome", std::string("turned away")},
                                                         {"address", address.str()}}));
        };
        listeners.push_back(std::make_unique<net::Listener>(
            threads.control(), [this] { return threads.least_busy(); }, listener.address, listener.port,
            admission, serve, turned_away));
    }
}

/// Returns when it is on the disk, or when it cannot be.
void Gateway::Impl::write(const audit::Record& record) {
    std::promise<void> written;
    journal.append({scribe.entry(record)}, [&written](ErrorCode) { written.set_value(); });
    written.get_future().wait();
}

/// What works but should not stay as it is.
void Gateway::Impl::warn() {
    announce_mode(services);
    for (const auto& archive : settings.archives) {
        if (archive.durability == Durability::batch) {
            metrics.durability_batch(archive.name);
            admin::log(Level::warning, "durability-batch",
                       {{"archive", archive.name},
                        {"meaning", "a crash may cost the registry rows of the last 50 ms"}});
        }
    }
    warn_of(settings.peers);
}

void Gateway::Impl::warn_of(const std::vector<policy::Peer>& peers) {
    for (const auto& peer : peers) {
        if (peer.title_only) {
            admin::log(Level::warning, "trust-ae-title-only",
                       {{"peer", peer.name}, {"meaning", "anyone who knows its AE title is taken for it"}});
        }
    }
}

void Gateway::Impl::note_start() {
    const auto in_use = keys_in_use(*keys);
    const auto remembered = settings.journal / "keys-in-use";
    write(audit::Record("start", {{"gateway", settings.gateway_id},
                                  {"mode", std::string(name(settings.mode))},
                                  {"kek", in_use.kek},
                                  {"signer", in_use.signer}}));
    if (const auto changed = changed_since(in_use, remembered)) write(*changed);
    if (journal.healthy()) remember(in_use, remembered);
}

/// Now, and again whenever a day begins.
void Gateway::Impl::audit_title_alone() {
    const auto now = std::chrono::system_clock::now();
    for (auto& record : title_alone.due(now, access.get()->policy.peers())) note(services, std::move(record));
    midnight.expires_at(next_utc_midnight(now));
    midnight.async_wait([this](ErrorCode error) {
        if (!error) audit_title_alone();
    });
}

/// Of whoever is trusted so, and what was passed on for them since the last time.
void Gateway::Impl::note_title_alone(const std::vector<policy::Peer>& peers) {
    for (auto& record : title_alone.records(peers)) note(services, std::move(record));
}

bool Gateway::Impl::ready(std::string& reason) const {
    if (stopping) reason = "stopping";
    if (!journal.healthy())
        reason = "the journal cannot be written: see the disk of " + settings.journal.string();
    if (free_space.low())
        reason = "the disk is nearly full: see gateway.limits.free_space and " + settings.audit.string();
    return reason.empty();
}

Gateway::Gateway(std::function<Settings()> read) : impl_(std::make_unique<Impl>(std::move(read))) {}
Gateway::~Gateway() = default;

void Gateway::run() {
    auto& gateway = *impl_;
    gateway.warn();
    gateway.note_start();
    Checkpoints checkpoints(gateway.audit_log, gateway.services);
    gateway.audit_title_alone();
    gateway.space_watch.start();
    gateway.open_intents.start();
    gateway.audit_senders.start();
    for (const auto& listener : gateway.listeners) listener->start();
    for (std::size_t i = 0; i < gateway.listeners.size(); ++i) {
        admin::log(Level::info, "listening",
                   {{"listener", gateway.settings.listen[i].name},
                    {"port", std::to_string(gateway.listeners[i]->port())}});
    }
    gateway.threads.run();
    gateway.open_intents.stop();
    gateway.note_title_alone(gateway.access.get()->policy.peers());
    // When the last record is written, the journal has no session left to call back.
    gateway.write(audit::Record("stop", {{"gateway", gateway.settings.gateway_id}}));
    checkpoints.finish();
    gateway.audit_senders.stop();
    admin::log(Level::info, "stopped");
}

void Gateway::stop() {
    if (impl_->stopping.exchange(true)) return;
    asio::co_spawn(impl_->threads.control(), impl_->wind_down(), asio::detached);
}

void Gateway::reload() {
    impl_->reload();
}

void Gateway::Impl::reload() {
    const std::lock_guard lock(reloading);
    std::string failed;
    try {
        const auto fresh = read();
        refuse_to_restart(needing_restart(settings, fresh));
        const auto before = access.get();
        access.replace(std::make_shared<const Access>(fresh));
        note_title_alone(of_either(before->policy, fresh.peers));
        warn_of(fresh.peers);
    } catch (const std::exception& error) {
        failed = error.what();
    }
    audit::Record record("reload", {{"outcome", std::string(failed.empty() ? "done" : "failed")}});
    if (failed.empty()) {
        admin::log(Level::info, "reloaded", {{"what", "peers, groups, policy and certificates"}});
    } else {
        admin::log(Level::error, "reload-failed",
                   {{"detail", failed}, {"meaning", "what is in use stays in use"}});
        record.values.emplace_back("detail", failed);
    }
    note(services, std::move(record));
}

void Gateway::Impl::reload_on_hangup() {
    hangup.async_wait([this](ErrorCode error, int) {
        if (error) return;
        reload();
        reload_on_hangup();
    });
}

void Gateway::obey_signals() {
    impl_->signals.add(SIGTERM);
    impl_->signals.add(SIGINT);
    impl_->signals.async_wait([this](ErrorCode error, int) {
        if (!error) stop();
    });
    impl_->hangup.add(SIGHUP);
    impl_->reload_on_hangup();
}

/// No new associations; those that run may finish, within the limit.
asio::awaitable<void> Gateway::Impl::wind_down() {
    admin::log(Level::info, "stopping");
    for (const auto& listener : listeners) listener->stop();
    asio::steady_timer timer(threads.control());
    auto deadline = net::Clock::now() + settings.limits.shutdown;
    bool closed = false;
    while (!running.empty()) {
        if (net::Clock::now() >= deadline) {
            if (std::exchange(closed, true)) break;
            running.close_all();
            deadline = net::Clock::now() + last_words;
        }
        timer.expires_after(look_again);
        co_await timer.async_wait(asio::as_tuple(asio::deferred));
    }
    http->stop();
    control->stop();
    threads.stop();
}

std::uint16_t Gateway::port(const std::string& listener) const {
    for (std::size_t i = 0; i < impl_->listeners.size(); ++i) {
        if (impl_->settings.listen[i].name == listener) return impl_->listeners[i]->port();
    }
    return 0;
}

std::uint16_t Gateway::admin_port() const {
    return impl_->http->port();
}

}  // namespace portcullis::service
