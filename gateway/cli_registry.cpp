// registry rebuild: the registry from the sealed files, where it is lost.

#include <algorithm>
#include <array>
#include <future>

#include "codec/envelope.hpp"
#include "gateway/audit/audit.hpp"
#include "gateway/cli_media.hpp"
#include "gateway/cli_text.hpp"
#include "gateway/journal/journal.hpp"
#include "gateway/journal/recovery.hpp"
#include "gateway/media/refused.hpp"
#include "gateway/media/work.hpp"
#include "gateway/registry/registry.hpp"

namespace portcullis::cli {

namespace {

using media::Refused;

/// The durable part of a gateway. Throws if one runs.
class Store {
  public:
    explicit Store(const Settings& settings)
        : registry(settings.registry), audit_(settings.audit), journal_(begin(settings)) {}

    /// Waits until it is durable.
    void append(std::vector<journal::Entry> entries) {
        std::promise<ErrorCode> done;
        journal_->append(std::move(entries), [&done](ErrorCode error) { done.set_value(error); });
        if (const auto error = done.get_future().get())
            throw std::runtime_error("the journal cannot be written: " + error.message());
    }

    registry::Registry registry;

  private:
    /// A registry that is lost begins where the journal, which goes on, still knows.
    std::unique_ptr<journal::Journal> begin(const Settings& settings) {
        const auto oldest = journal::oldest(settings.journal);
        if (oldest && registry.next() == 0) registry.begin_at(oldest->registry);
        return std::make_unique<journal::Journal>(settings.journal, registry, audit_);
    }

    audit::AuditLog audit_;
    const std::unique_ptr<journal::Journal> journal_;
};

enum class Found { added, known, not_sealed, refused };
constexpr std::array<std::string_view, 4> names = {"added", "known already", "not sealed", "refused"};

struct Answer {
    std::filesystem::path path;
    Found found;
    std::string detail;  // SOP Instance UID, or why it was refused
};

/// The row that the gateway made when it sealed this.
registry::Row row_of(const media::Looked& looked, const std::string& archive) {
    const auto& known = looked.identifiers;
    if (!known.sop_class || !known.sop_instance) throw Refused("has no SOP Class or SOP Instance UID");
    const auto envelope = codec::parse_envelope(*looked.envelope);
    if (!envelope)
        throw Refused("its envelope cannot be read: " + std::string(codec::name(envelope.failure())));
    const auto text = [](const std::optional<Uid>& uid) { return uid ? uid->str() : std::string(); };
    return {archive,
            *known.sop_class,
            *known.sop_instance,
            text(known.study),
            text(known.series),
            known.patient_id,
            envelope->head.transfer_syntax,
            hex(envelope->head.id),
            *looked.envelope,
            envelope->head.origin.time_ms};
}

bool is_known(const registry::Registry& registry, const registry::Row& row) {
    const auto rows = registry.find(row.sop_instance);
    return std::any_of(rows.begin(), rows.end(),
                       [&](const auto& other) { return other.envelope_id == row.envelope_id; });
}

Answer put_back(const media::Job& job, const media::Means& means, const std::string& archive, Store& store) {
    if (!job.problem.empty()) throw Refused(job.problem);
    media::Source source(job.source);
    auto head = media::read_head(source.next());
    if (head.is_directory()) return {job.source, Found::not_sealed, {}};
    const auto looked = media::look_through(source, std::move(head));
    if (!looked.envelope) return {job.source, Found::not_sealed, looked.sop_instance};
    media::require_openable(source, looked, means);
    const auto row = row_of(looked, archive);
    if (is_known(store.registry, row)) return {job.source, Found::known, looked.sop_instance};
    const audit::Record record("registry", {{"phase", std::string("rebuild")},
                                            {"archive", archive},
                                            {"sop_instance", row.sop_instance.str()},
                                            {"study", row.study},
                                            {"patient_id", row.patient_id},
                                            {"envelope", row.envelope_id}});
    store.append({registry::put(row),
                  registry::outcome(row.sop_instance, row.time_ms, row.envelope_id, registry::State::stored),
                  audit::entry(record)});
    return {job.source, Found::added, looked.sop_instance};
}

Answer put_back_or_refuse(const media::Job& job, const media::Means& means, const std::string& archive,
                          Store& store) {
    try {
        return put_back(job, means, archive, store);
    } catch (const std::exception& why) {  // Refused; the journal's, no memory, OpenSSL's
        return {job.source, Found::refused, why.what()};
    }
}

class Account {
  public:
    Account(const Terminal& terminal, std::size_t files)
        : terminal_(terminal), files_(files), progress_(terminal) {}

    void take(const Answer& answer) {
        ++counts_[static_cast<std::size_t>(answer.found)];
        if (terminal_.json) {
            print_line(terminal_,
                       {{"path", answer.path.string()},
                        {"state", names[static_cast<std::size_t>(answer.found)]},
                        {answer.found == Found::refused ? "reason" : "sop_instance", answer.detail}});
        }
        if (answer.found == Found::refused) {
            progress_.say("");
            terminal_.complain(one_line(answer.path.string() + ": " + answer.detail));
        }
        progress_.say(bar(++done_, files_));
    }
    int finish() {
        progress_.say("");
        if (!terminal_.json) {
            for (std::size_t i = 0; i < names.size(); ++i)
                terminal_.out << (i > 0 ? ", " : "") << counts_[i] << ' ' << names[i];
            terminal_.out << '\n';
        }
        return counts_[static_cast<std::size_t>(Found::refused)] > 0 ? failed : done;
    }

  private:
    const Terminal& terminal_;
    const std::size_t files_;
    Progress progress_;
    std::array<std::size_t, names.size()> counts_{};
    std::size_t done_ = 0;
};

const std::string& archive_named(const Settings& settings, const std::string& name) {
    const auto& archives = settings.archives;
    if (name.empty()) return archives.front().name;
    const auto found = std::find_if(archives.begin(), archives.end(),
                                    [&](const auto& archive) { return archive.name == name; });
    if (found == archives.end())
        throw SettingsError("--archive: the configuration has no archive '" + name + "'");
    return found->name;
}

}  // namespace

int registry_rebuild(const Terminal& terminal, const RebuildWork& work) {
    const auto settings = read_settings(work.config);
    const auto& archive = archive_named(settings, work.archive);
    MediaWork keys;
    keys.config = work.config;
    const Equipment equipment(keys);
    const auto means = equipment.means();
    std::vector<media::Job> jobs;
    try {
        jobs = media::make_plan(work.paths, std::nullopt);
    } catch (const media::UsageError& error) {
        terminal.complain(error.what());
        return wrong_usage;
    }
    Store store(settings);
    Account account(terminal, jobs.size());
    media::InOrder<Answer> answers([&](const Answer& answer) { account.take(answer); });
    media::do_in_parallel(jobs.size(), work.jobs > 0 ? work.jobs : media::default_threads(),
                          [&](std::size_t number) {
                              answers.put(number, put_back_or_refuse(jobs[number], means, archive, store));
                          });
    return account.finish();
}

}  // namespace portcullis::cli
