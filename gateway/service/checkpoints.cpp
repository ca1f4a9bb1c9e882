#include "gateway/service/checkpoints.hpp"

#include "gateway/admin/log.hpp"
#include "gateway/audit/checkpoint.hpp"
#include "gateway/keys/audit_key.hpp"

namespace portcullis::service {

audit::Options audit_options(const Settings& settings) {
    const auto key = std::make_shared<const keys::AuditKey>(keys::AuditKey::open_or_make(settings.keyring));
    audit::Signer signer{{audit::origin_of(settings.gateway_id), key->public_key()},
                         [key](std::string_view text) { return key->sign(text); }};
    return {{settings.rotate.size, settings.rotate.age}, std::move(signer)};
}

Checkpoints::Checkpoints(audit::AuditLog& log, Services& services)
    : log_(log), services_(services), thread_([this](const std::stop_token& stop) {
          std::unique_lock lock(mutex_);
          do {
              make();
              wake_.wait_for(lock, stop, services_.settings.checkpoint, [] { return false; });
          } while (!stop.stop_requested());
      }) {}

Checkpoints::~Checkpoints() = default;

void Checkpoints::finish() {
    thread_.request_stop();
    if (thread_.joinable()) thread_.join();
    make();
}

void Checkpoints::make() {
    try {
        if (const auto record = log_.checkpoint()) note(services_, *record);
    } catch (const std::exception& error) {
        admin::log(admin::Level::error, "checkpoint-failed", {{"detail", error.what()}});
    }
}

}  // namespace portcullis::service
