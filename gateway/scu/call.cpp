#include "gateway/scu/call.hpp"

#include <algorithm>

namespace portcullis::scu {

std::string Call::where() const {
    return called.str() + " at " + host + ":" + std::to_string(port);
}

Call call_of(const Settings& settings, const TlsContexts& tls, const Archive& archive) {
    const auto& limits = settings.limits;
    return {archive.host,     archive.port,
            archive.ae_title, settings.ae_title,
            limits.pdu,       {limits.artim, limits.write, limits.connect},
            limits.response,  tls.of_archive(archive.name)};
}

void Open::add(const std::shared_ptr<net::Association>& association) {
    std::erase_if(associations_, [](const auto& weak) { return weak.expired(); });
    associations_.push_back(association);
}

void Open::close_all() {
    for (const auto& weak : associations_)
        if (const auto association = weak.lock()) association->close();
}

std::string describe(const ul::AssociateRj& rejection) {
    if (rejection.source == 1 && rejection.reason == 3) return "it does not know our AE title";
    if (rejection.source == 1 && rejection.reason == 7) return "it goes by another AE title";
    if (rejection.source == 3) return "it is too busy";
    return "result " + std::to_string(rejection.result) + ", source " + std::to_string(rejection.source) +
           ", reason " + std::to_string(rejection.reason);
}

net::Awaitable<Result<std::shared_ptr<net::Leg>>> associate(const Call& call, Open& open,
                                                            std::vector<ul::ProposedContext> contexts,
                                                            std::vector<ul::RoleSelection> roles,
                                                            ul::AssociateRj* rejection) {
    ul::AssociateRq request{
        1, call.called, call.calling, std::string(ul::application_context_name), std::move(contexts), {}, {}};
    const auto own = ul::own_identity(call.pdu);
    request.user.maximum_length = own.maximum_length;
    request.user.implementation_class_uid = own.implementation_class_uid;
    request.user.implementation_version_name = own.implementation_version_name;
    request.user.roles = std::move(roles);
    ul::DecodeLimits limits;
    limits.p_data = call.pdu;
    auto association = co_await net::Association::request(call.host, call.port, std::move(request),
                                                          call.timeouts, limits, rejection, call.tls);
    if (!association) co_return association.error();
    open.add(*association);
    (*association)->set_read_deadline(call.patience);
    auto leg = net::Leg::make(*association, call.pdu);
    if (!leg) co_await (*association)->abort({0, 0});
    co_return leg;
}

}  // namespace portcullis::scu
