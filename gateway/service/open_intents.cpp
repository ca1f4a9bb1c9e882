#include "gateway/service/open_intents.hpp"

#include <algorithm>

#include "gateway/admin/log.hpp"
#include "gateway/scu/holdings.hpp"

namespace portcullis::service {

namespace {

// Far more than all associations can have in hand. What is older is for `registry reconcile`.
constexpr std::size_t latest_rows = 20'000;
constexpr std::chrono::seconds patience{5};  // for each answer of an archive
constexpr std::chrono::minutes first_retry{1};
constexpr std::chrono::minutes longest_retry{60};

std::string_view name(scu::Held held) {
    switch (held) {
        case scu::Held::yes:
            return "yes";
        case scu::Held::no:
            return "no";
        case scu::Held::unknown:
            break;
    }
    return "unknown";
}

audit::Record record(const registry::OpenIntent& intent, const std::string& phase) {
    return audit::Record("store", {{"phase", phase},
                                   {"archive", intent.archive},
                                   {"study", intent.study},
                                   {"sop_instance", intent.sop_instance.str()},
                                   {"envelope", intent.envelope_id}});
}

}  // namespace

OpenIntents::OpenIntents(Services& services)
    : services_(services), open_(services.registry.open_intents(latest_rows)) {}

OpenIntents::~OpenIntents() {
    stop();
}

void OpenIntents::start() {
    if (open_.empty()) return;
    admin::log(admin::Level::warning, "open-intents",
               {{"stores", std::to_string(open_.size())},
                {"meaning", "the gateway ended before it knew what became of them; the archive is asked"}});
    for (const auto& intent : open_) {
        auto closed = record(intent, "outcome");
        closed.values.emplace_back("status", std::string("unknown"));
        note(services_, std::move(closed));
    }
    thread_ = std::thread([this] { run(); });
}

void OpenIntents::stop() {
    {
        const std::lock_guard lock(mutex_);
        stopping_ = true;
    }
    stopped_.notify_all();
    if (thread_.joinable()) thread_.join();
}

bool OpenIntents::stopping() const {
    const std::lock_guard lock(mutex_);
    return stopping_;
}

void OpenIntents::run() {
    for (auto retry = first_retry;; retry = std::min(2 * retry, longest_retry)) {
        for (const auto& archive : services_.settings.archives) ask(archive);
        const auto has_archive = [this](const registry::OpenIntent& intent) {
            return services_.traffic.contains(intent.archive);
        };
        if (std::none_of(open_.begin(), open_.end(), has_archive)) return;
        std::unique_lock lock(mutex_);
        if (stopped_.wait_for(lock, retry, [this] { return stopping_; })) return;
    }
}

/// All of this archive, until it does not answer.
void OpenIntents::ask(const Archive& archive) {
    const auto its = [&](const registry::OpenIntent& intent) { return intent.archive == archive.name; };
    if (stopping() || std::none_of(open_.begin(), open_.end(), its)) return;
    try {
        scu::Client client(services_.settings, archive, patience, patience);
        for (auto next = open_.begin(); next != open_.end() && !stopping();) {
            if (!its(*next)) {
                ++next;
                continue;
            }
            ask(client, *next);
            next = open_.erase(next);
        }
    } catch (const std::exception& error) {
        admin::log(admin::Level::warning, "open-intents",
                   {{"archive", archive.name},
                    {"detail", error.what()},
                    {"meaning", "whether it holds what was stored before the crash is asked again later"}});
    }
}

void OpenIntents::ask(scu::Client& client, const registry::OpenIntent& intent) {
    const auto study = Uid::parse(intent.study);
    const auto held =
        study ? scu::Holdings(client, *study).has(intent.series, intent.sop_instance) : scu::Held::unknown;
    auto found = record(intent, "lookup");
    found.values.emplace_back("held", std::string(name(held)));
    std::vector<journal::Entry> entries{services_.scribe.entry(std::move(found))};
    if (held != scu::Held::unknown) {
        const auto state = held == scu::Held::yes ? registry::State::stored : registry::State::refused;
        entries.push_back(registry::outcome(intent.sop_instance, intent.time_ms, intent.envelope_id, state));
    }
    services_.journal.append(std::move(entries), {});
}

}  // namespace portcullis::service
