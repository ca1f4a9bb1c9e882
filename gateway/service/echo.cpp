#include "gateway/service/echo.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>

#include "gateway/dimse/status.hpp"
#include "gateway/net/leg.hpp"
#include "gateway/service/audit_channel.hpp"
#include "gateway/service/services.hpp"

namespace portcullis::service {

namespace {

constexpr auto verification = "1.2.840.10008.1.1";
constexpr auto implicit_little_endian = "1.2.840.10008.1.2";

struct Target {
    std::string what;
    AeTitle called;
    std::string host;
    std::uint16_t port;
    std::shared_ptr<const tls::Context> tls;
};

ul::AssociateRq proposal(const Settings& settings, const AeTitle& called) {
    ul::AssociateRq request{1,  called, settings.ae_title, std::string(ul::application_context_name), {},
                            {}, {}};
    request.contexts.push_back(
        {*ContextId::parse(1), *Uid::parse(verification), {*Uid::parse(implicit_little_endian)}});
    const auto own = gateway_identity(settings);
    request.user.maximum_length = own.maximum_length;
    request.user.implementation_class_uid = own.implementation_class_uid;
    request.user.implementation_version_name = own.implementation_version_name;
    return request;
}

net::Awaitable<Result<std::uint16_t>> echo(const Settings& settings, Target target) {
    const auto& limits = settings.limits;
    const net::Timeouts timeouts{limits.artim, limits.write, limits.connect};
    auto association =
        co_await net::Association::request(target.host, target.port, proposal(settings, target.called),
                                           timeouts, ul::DecodeLimits{}, nullptr, target.tls);
    if (!association) co_return association.error();
    auto leg = Leg::make(std::move(*association), limits.pdu);
    if (!leg) co_return leg.error();
    const auto context = *ContextId::parse(1);
    if (!(*leg)->context(context)) {
        co_await (*leg)->association().release();
        co_return dimse::status::sop_class_not_supported;
    }
    dimse::Command request(dimse::CommandField::c_echo_rq);
    request.set(dimse::Element::affected_sop_class_uid, std::string_view(verification));
    request.set(dimse::Element::message_id, std::uint16_t{1});
    request.set(dimse::Element::command_data_set_type, dimse::no_data_set);
    (*leg)->association().set_read_deadline(limits.artim);
    const auto sent = co_await (*leg)->send(context, std::move(request));
    if (!sent) co_return sent.error();
    const auto response = co_await (*leg)->await_response(MessageId{1});
    if (!response) co_return response.error();
    const auto status = response->status();
    co_await (*leg)->association().release();
    co_return status;
}

net::Awaitable<void> echo_into(const Settings& settings, Target target, Echoed& echoed) {
    const auto status = co_await echo(settings, std::move(target));
    echoed.answered = status && *status == dimse::status::success;
    if (!status) echoed.detail = status.error().message();
    if (status && !echoed.answered) echoed.detail = "status " + hex(*status);
}

std::vector<Target> targets(const Settings& settings) {
    const auto tls = load_tls(settings);
    std::vector<Target> all;
    for (const auto& archive : settings.archives)
        all.push_back({"archive " + archive.name, archive.ae_title, archive.host, archive.port,
                       tls.of_archive(archive.name)});
    for (const auto& peer : settings.peers) {
        const auto endpoint = settings.endpoints.find(peer.name);
        if (endpoint == settings.endpoints.end() || peer.ae_titles.empty()) continue;
        all.push_back({"peer " + peer.name, peer.ae_titles.front(), endpoint->second.host,
                       endpoint->second.port, tls.of_peer(peer.name)});
    }
    return all;
}

/// Syslog has no echo: a connection is all that can be had, and of UDP not even that.
net::Awaitable<void> connect_into(const Settings& settings, Repository repository,
                                  std::shared_ptr<const tls::Context> tls, Echoed& echoed) {
    const auto& limits = settings.limits;
    const auto channel =
        co_await open_channel(repository, std::move(tls), {limits.artim, limits.write, limits.connect});
    echoed.answered = channel.has_value();
    if (!channel) echoed.detail = channel.error().message();
}

void run(net::Awaitable<void> what) {
    boost::asio::io_context io;
    boost::asio::co_spawn(io, std::move(what), boost::asio::detached);
    io.run();
}

}  // namespace

std::vector<Echoed> echo_all(const Settings& settings) {
    std::vector<Echoed> all;
    for (const auto& target : targets(settings)) {
        Echoed echoed{target.what,
                      target.called.str() + " at " + target.host + ":" + std::to_string(target.port),
                      false,
                      {}};
        run(echo_into(settings, target, echoed));
        all.push_back(std::move(echoed));
    }
    const auto tls = load_tls(settings);
    for (const auto& repository : settings.repositories) {
        Echoed echoed{"repository", repository.where(), false, {}};
        run(connect_into(settings, repository, tls.of_repository(repository), echoed));
        all.push_back(std::move(echoed));
    }
    return all;
}

}  // namespace portcullis::service
