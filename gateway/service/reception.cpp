#include "gateway/service/reception.hpp"

#include <boost/asio/post.hpp>

#include "gateway/service/egress.hpp"
#include "gateway/service/ingress.hpp"
#include "gateway/tls/error.hpp"

namespace portcullis::service {

namespace {

// PS3.8 table 9-21: rejected permanently, by the service-user.
constexpr ul::AssociateRj called_title_not_recognized{1, 1, 7};
constexpr ul::AssociateRj calling_title_not_recognized{1, 1, 3};
// Rejected transiently, by the service-provider (presentation), and the abort that it would say later.
constexpr ul::AssociateRj local_limit_exceeded{2, 3, 2};
constexpr std::string_view disk_nearly_full = "disk nearly full";
constexpr ul::Abort by_provider{2, 0};

bool is_move_title(const Settings& settings, const AeTitle& called) {
    return std::any_of(settings.archives.begin(), settings.archives.end(), [&](const Archive& archive) {
        return std::find(archive.move_titles.begin(), archive.move_titles.end(), called) !=
               archive.move_titles.end();
    });
}

/// The archive that calls a scanner or another node, to push to it or to report what came of a request.
const Archive* archive_calling_peer(const Services& services, const AeTitle& called, const Caller& caller) {
    const auto* archive = services.settings.archive_calling(caller);
    if (!archive) return nullptr;
    const bool can_be_called = services.access.get()->receiver_called(called) != nullptr;
    return can_be_called || services.registry.has_commitment(archive->name, called) ? archive : nullptr;
}

/// A place in the list of running associations, taken until it is destroyed; counted in the metrics.
class Served {
  public:
    Served(Services& services, Running& running, const std::shared_ptr<net::Association>& association,
           std::string role)
        : services_(services),
          running_(running),
          handle_(running.enter(association)),
          role_(std::move(role)) {
        services_.metrics.association_opened(role_);
    }
    Served(const Served&) = delete;
    Served& operator=(const Served&) = delete;
    ~Served() {
        services_.metrics.association_closed(role_);
        running_.leave(handle_);
    }

  private:
    Services& services_;
    Running& running_;
    Running::Handle handle_;
    std::string role_;
};

void note_rejected(Services& services, const net::Association& association, const IpAddress& address,
                   const std::string& why) {
    services.metrics.association_rejected(why);
    auto record = association_record("rejected", association, address);
    record.values.emplace_back("detail", why);
    note(services, std::move(record));
}

void note_broken(Services& services, const IpAddress& address, ErrorCode error) {
    if (tls::is_failure(error)) {
        services.metrics.association_rejected("tls");
        return note_if_tls(services, "caller", address.str(), error);
    }
    services.metrics.association_rejected("protocol");
    note(services, audit::Record("failure", {{"address", address.str()}, {"detail", error.message()}}));
}

}  // namespace

Running::Handle Running::enter(const std::shared_ptr<net::Association>& association) {
    const std::lock_guard lock(mutex_);
    return associations_.insert(associations_.end(), association);
}

void Running::leave(Handle handle) {
    const std::lock_guard lock(mutex_);
    associations_.erase(handle);
}

bool Running::empty() const {
    const std::lock_guard lock(mutex_);
    return associations_.empty();
}

void Running::close_all() {
    const std::lock_guard lock(mutex_);
    for (const auto& weak : associations_) {
        if (const auto association = weak.lock())
            boost::asio::post(association->executor(), [association] { association->close(); });
    }
}

namespace {

net::Awaitable<void> serve(Services& services, Running& running, Role role,
                           std::shared_ptr<net::Association> association, IpAddress address) {
    const auto& settings = services.settings;
    const auto& called = association->proposal().called;
    if (services.short_of_space()) {
        note_rejected(services, *association, address, std::string(disk_nearly_full));
        co_await association->reject(local_limit_exceeded);
        co_return;
    }
    const auto* archive = role == Role::egress ? nullptr : settings.archive_for(called);
    const auto certificate = association->certificate();
    const Caller caller{association->proposal().calling, address, certificate.get()};
    const auto* delivering = role == Role::ingress ? nullptr : settings.archive_delivering(called, caller);
    if (!delivering && !archive && role != Role::ingress)
        delivering = archive_calling_peer(services, called, caller);
    if (delivering) {
        const Served served(services, running, association, "egress");
        const auto session = std::make_shared<EgressSession>(services, *delivering, association, address);
        co_await session->serve();
    } else if (archive) {
        const Served served(services, running, association, "ingress");
        const auto session = std::make_shared<IngressSession>(services, *archive, association, address);
        co_await session->serve();
    } else if (role != Role::ingress && is_move_title(settings, called)) {
        note_rejected(services, *association, address, "not an archive");
        co_await association->reject(calling_title_not_recognized);
    } else {
        note_rejected(services, *association, address, "unknown called title");
        co_await association->reject(called_title_not_recognized);
    }
}

net::Awaitable<Result<std::shared_ptr<net::Association>>> requested_on(Services& services,
                                                                       const Listener& listener,
                                                                       net::Stream stream) {
    if (auto tls = services.access.get()->tls.of_listener(listener.name)) {
        const auto secured = co_await stream.secure(std::move(tls), services.settings.limits.artim);
        if (!secured) co_return secured.error();
    }
    co_return co_await net::Association::await_request(std::move(stream), services.timeouts(),
                                                       services.decode_limits());
}

}  // namespace

net::Awaitable<void> receive(Services& services, Running& running, const Listener& listener,
                             net::Stream stream, IpAddress address) {
    std::shared_ptr<net::Association> association;
    std::optional<std::string> fault;
    try {
        auto requested = co_await requested_on(services, listener, std::move(stream));
        if (requested) {
            association = std::move(*requested);
            co_await serve(services, running, listener.role, association, address);
        } else {
            note_broken(services, address, requested.error());
        }
    } catch (const std::exception& error) {
        fault = error.what();
    }
    if (!fault) co_return;
    note_fault(services, *fault);
    if (!association) co_return;
    // Who asked is told so while that can be said, and else that it ends.
    co_await association->reject(local_limit_exceeded);
    co_await association->abort(by_provider);
}

}  // namespace portcullis::service
