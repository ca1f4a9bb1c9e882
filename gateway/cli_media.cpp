// seal and open of files and folders.

#include "gateway/cli_media.hpp"

#include <array>
#include <chrono>
#include <iomanip>
#include <mutex>
#include <sstream>

#include "gateway/base/counted.hpp"
#include "gateway/cli_text.hpp"
#include "gateway/image/tags.hpp"
#include "gateway/media/work.hpp"
#include "gateway/registry/ledger.hpp"

namespace portcullis::cli {

namespace {

namespace fs = std::filesystem;
using media::Outcome;
using media::State;
using Clock = std::chrono::steady_clock;

/// Tells of files one by one, and of all of them at the end.
class Account {
  public:
    Account(const Terminal& terminal, std::size_t files, std::vector<State> always)
        : terminal_(terminal), files_(files), always_(std::move(always)), progress_(terminal) {}

    void take(const Outcome& outcome) {
        ++counts_[static_cast<std::size_t>(outcome.state)];
        if (outcome.envelope) bytes_ += outcome.bytes;
        tell(outcome);
        ++done_;
        if (const auto now = Clock::now(); now - shown_ > std::chrono::milliseconds(100)) {
            progress_.say(bar(done_, files_));
            shown_ = now;
        }
    }
    /// "3 sealed, 0 already sealed, ..., 1 refused, 1234 bytes in 0.1 s"
    void summarise() {
        progress_.say("");
        if (terminal_.json) return;
        std::ostringstream line;
        for (const auto state : order)
            if (count(state) > 0 || std::find(always_.begin(), always_.end(), state) != always_.end())
                line << count(state) << ' ' << media::name(state) << ", ";
        const std::chrono::duration<double> seconds = Clock::now() - began_;
        terminal_.out << line.str() << bytes_ << " bytes in " << std::fixed << std::setprecision(2)
                      << seconds.count() << " s\n";
    }
    int status() const { return count(State::refused) > 0 ? failed : done; }

  private:
    static constexpr std::array order = {State::sealed, State::already_sealed, State::nothing_to_seal,
                                         State::opened, State::not_sealed,     State::directory,
                                         State::done,   State::refused};

    std::size_t count(State state) const { return counts_[static_cast<std::size_t>(state)]; }

    void tell(const Outcome& outcome) {
        if (terminal_.json) {
            print_line(terminal_, to_json(outcome));
        } else if (outcome.state == State::nothing_to_seal || outcome.state == State::not_sealed ||
                   outcome.state == State::directory) {
            progress_.say("");
            terminal_.out << one_line(outcome.path.string()) << ": " << media::name(outcome.state) << '\n';
        }
        if (outcome.state == State::refused) complain(outcome, outcome.reason + "; left as it is");
        for (const auto tag : outcome.differing)
            complain(outcome, "opened, but " + image::tag::name(tag) + " is not the value that was sealed");
        for (const auto& path : outcome.missing)
            complain(outcome, "opened, but " + image::tag::name(path) + " was sealed and is not there");
        for (const auto& path : outcome.edited)
            complain(outcome, "opened, but " + image::tag::name(path) +
                                  " was edited since it was sealed, and stays as it is");
    }
    void complain(const Outcome& outcome, const std::string& what) {
        progress_.say("");
        terminal_.complain(one_line(outcome.path.string() + ": " + what));
    }

    static Json to_json(const Outcome& outcome) {
        Json json = {
            {"path", outcome.path.string()}, {"state", media::name(outcome.state)}, {"bytes", outcome.bytes}};
        if (outcome.envelope) json["envelope"] = hex(*outcome.envelope);
        if (outcome.state == State::refused) json["reason"] = outcome.reason;
        add_names(json, "differing", outcome.differing);
        add_names(json, "missing", outcome.missing);
        add_names(json, "edited", outcome.edited);
        return json;
    }

    const Terminal& terminal_;
    const std::size_t files_;
    const std::vector<State> always_;
    Progress progress_;
    const Clock::time_point began_ = Clock::now();
    Clock::time_point shown_{};
    std::array<std::size_t, order.size()> counts_{};
    std::size_t done_ = 0;
    std::uint64_t bytes_ = 0;
};

int treat_files(const Terminal& terminal, const MediaWork& work, media::Treat treat,
                std::vector<State> always) {
    const Equipment equipment(work);
    const auto means = equipment.means();
    auto jobs = media::make_plan(work.paths, work.output.empty() ? std::nullopt : std::optional(work.output));
    media::prepare_folders(jobs);
    Account account(terminal, jobs.size(), std::move(always));
    media::InOrder<Outcome> outcomes([&](const Outcome& outcome) { account.take(outcome); });
    {
        media::Committer committer;
        media::do_in_parallel(jobs.size(), threads(work), [&](std::size_t number) {
            treat(jobs[number], means, committer,
                  [&outcomes, number](Outcome outcome) { outcomes.put(number, std::move(outcome)); });
        });
    }
    account.summarise();
    return account.status();
}

/// Runs `command`; what cannot be meant is wrong usage.
template <class Command>
int checking_usage(const Terminal& terminal, const Command& command) {
    try {
        return command();
    } catch (const media::UsageError& error) {
        terminal.complain(error.what());
        return wrong_usage;
    }
}

}  // namespace

/// For several threads. Opened when it is needed: the file is not touched beside one who writes it here.
class SharedLedger {
  public:
    explicit SharedLedger(std::string url) : url_(std::move(url)) {}
    std::vector<Bytes> envelopes_of(const std::string& sop_instance) {
        const std::lock_guard lock(mutex_);
        if (!ledger_) ledger_.emplace(url_);
        return registry::envelopes_of(ledger_->find(sop_instance));
    }

  private:
    const std::string url_;
    std::mutex mutex_;
    std::optional<registry::Ledger> ledger_;
};

Equipment::Equipment(const MediaWork& work) {
    if (work.config.empty()) {
        tenant_ = work.tenant.empty() ? Settings().tenant : work.tenant;
        gateway_id_ = host_name();
        codecs_.allowed = codec::Catalogue::built_in();
        codecs_.sealing = codecs_.allowed.find(Settings().codec);
        keyring_ = keys::Keyring::open(work.keyring);
        return;
    }
    const auto settings = read_settings(work.config);
    tenant_ = settings.tenant;
    gateway_id_ = settings.gateway_id;
    mark_ = settings.mark;
    regions_ = settings.regions;
    codecs_ = load_codecs(settings);
    keyring_ = keys::Keyring::open(settings.keyring);
    if (registry::Ledger::exists(settings.registry))
        ledger_ = std::make_shared<SharedLedger>(settings.registry);
}

media::Means Equipment::means() const {
    media::Means means{*keyring_,   *keyring_, *codecs_.sealing, codecs_.allowed, tenant_,
                       gateway_id_, mark_,     regions_};
    if (ledger_)
        means.registered = [ledger = ledger_](const std::string& uid) { return ledger->envelopes_of(uid); };
    return means;
}

std::string bar(std::size_t count, std::size_t of, const std::string& what) {
    constexpr std::size_t width = 30;
    const std::size_t filled = of == 0 ? width : width * count / of;
    return '[' + std::string(filled, '#') + std::string(width - filled, ' ') + "] " + std::to_string(count) +
           " of " + std::to_string(of) + ' ' + what;
}

void print_line(const Terminal& terminal, const Json& json) {
    // A path may hold bytes that are no UTF-8.
    terminal.out << json.dump(-1, ' ', false, Json::error_handler_t::replace) << '\n';
}

unsigned threads(const MediaWork& work) {
    return work.jobs > 0 ? work.jobs : media::default_threads();
}

int seal_files(const Terminal& terminal, const MediaWork& work) {
    return checking_usage(terminal, [&] {
        return treat_files(terminal, work, media::seal_file,
                           {State::sealed, State::already_sealed, State::nothing_to_seal, State::refused});
    });
}

int open_files(const Terminal& terminal, const MediaWork& work) {
    return checking_usage(terminal, [&] {
        return treat_files(terminal, work, media::open_file,
                           {State::opened, State::not_sealed, State::refused});
    });
}

}  // namespace portcullis::cli
