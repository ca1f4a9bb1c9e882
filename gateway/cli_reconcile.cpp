// registry reconcile: whether the archive still holds what the registry knows.

#include "gateway/base/counted.hpp"
#include "gateway/cli_archive.hpp"
#include "gateway/cli_media.hpp"
#include "gateway/cli_text.hpp"
#include "gateway/registry/ledger.hpp"
#include "gateway/scu/holdings.hpp"

namespace portcullis::cli {

namespace {

using scu::Held;

constexpr auto longest_question = std::chrono::hours(1);

std::string_view name(registry::State state) {
    return state == registry::State::intent ? "store not known to have ended" : "stored";
}

class Reconciliation {
  public:
    Reconciliation(const Terminal& terminal, const registry::Ledger& ledger, scu::Client& client,
                   const std::string& archive)
        : terminal_(terminal), ledger_(ledger), client_(client), archive_(archive), progress_(terminal) {}

    int run() {
        const auto studies = ledger_.studies(archive_);
        std::size_t done_studies = 0;
        for (const auto& study : studies) {
            progress_.say(bar(done_studies++, studies.size(), "studies"));
            look_into(study);
        }
        progress_.say("");
        if (!terminal_.json)
            terminal_.out << counted(there_, "object") << " in the archive, "
                          << counted(orphans_, "orphan row") << ", " << unasked_ << " not asked for\n";
        return orphans_ + unasked_ > 0 ? failed : done;
    }

  private:
    void look_into(const std::string& study) {
        const auto rows = ledger_.objects(archive_, study);
        const auto uid = Uid::parse(study);
        if (!uid || study.empty()) {
            unasked_ += rows.size();
            return;
        }
        scu::Holdings holdings(client_, *uid);
        for (const auto& row : rows) {
            const auto held = holdings.has(row.series, row.sop_instance);
            ++(held == Held::yes ? there_ : held == Held::no ? orphans_ : unasked_);
            if (held != Held::yes) tell(row, study, held == Held::no);
        }
    }
    void tell(const registry::Registered& row, const std::string& study, bool gone) {
        progress_.say("");
        if (terminal_.json)
            print_line(terminal_, {{"study", study},
                                   {"series", row.series},
                                   {"sop_instance", row.sop_instance.str()},
                                   {"envelope", row.envelope_id},
                                   {"time_ms", row.time_ms},
                                   {"state", name(row.state)},
                                   {"held", gone ? "no" : "unknown"}});
        else
            terminal_.out << (gone ? "not in the archive"
                                   : "not where it was stored, and the archive does not "
                                     "say whether it is elsewhere")
                          << ": study " << study << ", instance " << row.sop_instance.str() << ": "
                          << name(row.state) << '\n';
    }

    const Terminal& terminal_;
    const registry::Ledger& ledger_;
    scu::Client& client_;
    const std::string& archive_;
    Progress progress_;
    std::size_t there_ = 0, orphans_ = 0, unasked_ = 0;
};

}  // namespace

int registry_reconcile(const Terminal& terminal, const std::filesystem::path& config,
                       const std::string& name) {
    const auto settings = read_settings(config);
    const auto& archive = archive_of(settings, name);
    const registry::Ledger ledger(settings.registry);
    scu::Client client(settings, archive, settings.limits.response, longest_question);
    return Reconciliation(terminal, ledger, client, archive.name).run();
}

}  // namespace portcullis::cli
