#include "gateway/service/audit_senders.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>

#include "gateway/base/give_way.hpp"
#include "gateway/service/audit_messages.hpp"

namespace portcullis::service {

namespace {

constexpr std::chrono::seconds last_words{5};
constexpr int least_urgent = 19;  // nice value

}  // namespace

AuditSenders::AuditSenders(Services& services, const audit::AuditLog& log) {
    const audit::Reporter reporter{services.settings.gateway_id, services.settings.ae_title};
    for (const auto& repository : services.settings.repositories) {
        AuditQueue queue(
            services.settings.audit, repository.where(), log.next(),
            [reporter](const audit::Logged& logged) { return syslog_message(logged, reporter); });
        SenderSurroundings around{
            [&log] { return log.next(); },
            [&services](audit::Record record) { note(services, std::move(record)); },
            [&services, repository] { return services.access.get()->tls.of_repository(repository); },
            services.timeouts(), services.metrics};
        senders_.push_back(std::make_unique<AuditSender>(repository, std::move(queue), std::move(around)));
    }
}

AuditSenders::~AuditSenders() {
    stop();
}

void AuditSenders::start() {
    if (senders_.empty()) return;
    for (const auto& sender : senders_) boost::asio::co_spawn(io_, sender->run(), boost::asio::detached);
    running_ = std::async(std::launch::async, [this] {
        give_way(least_urgent);
        io_.run();
    });
}

void AuditSenders::stop() {
    if (!running_.valid()) return;
    for (const auto& sender : senders_) sender->finish();
    if (running_.wait_for(last_words) != std::future_status::ready) io_.stop();
    running_.get();
}

}  // namespace portcullis::service
