// registry reconcile: whether the archive still holds what the registry knows.

#include <algorithm>
#include <map>
#include <set>

#include "gateway/base/counted.hpp"
#include "gateway/cli_archive.hpp"
#include "gateway/cli_media.hpp"
#include "gateway/cli_text.hpp"
#include "gateway/dimse/status.hpp"
#include "gateway/registry/ledger.hpp"
#include "gateway/scu/listing.hpp"

namespace portcullis::cli {

namespace {

namespace tag = image::tag;

constexpr auto longest_question = std::chrono::hours(1);

std::string_view name(registry::State state) {
    return state == registry::State::intent ? "store not known to have ended" : "stored";
}

enum class Held { yes, no, unknown };

/// What the archive holds of a study, as far as the registry's series go.
class Holdings {
  public:
    Holdings(scu::Client& client, Uid study) : client_(client), study_(std::move(study)) {}

    Held has(const registry::Registered& row) {
        const auto series = Uid::parse(row.series);
        if (series && of(*series).contains(row.sop_instance)) return Held::yes;
        return elsewhere(row.sop_instance);
    }

  private:
    const std::set<Uid>& of(const Uid& series) {
        const auto known = series_.find(series);
        if (known != series_.end()) return known->second;
        auto& instances = series_[series];
        for (auto& listed : scu::list_instances(client_, study_, series))
            instances.insert(std::move(listed.sop_instance));
        return instances;
    }
    /// In another series or study: archives merge and split them. Not every archive finds an instance without
    /// what is above it: those that refuse the question leave it open.
    Held elsewhere(const Uid& sop_instance) {
        bool there = false;
        const auto answer =
            client_.find({{tag::query_retrieve_level, "IMAGE"},
                          {tag::study_instance_uid, ""},
                          {tag::series_instance_uid, ""},
                          {tag::sop_instance_uid, sop_instance.str()}},
                         [&](const scu::Keys& match) {
                             const auto found = match.find(tag::sop_instance_uid);
                             there = there || (found != match.end() && found->second == sop_instance.str());
                         });
        if (there) return Held::yes;
        return answer.status == dimse::status::success ? Held::no : Held::unknown;
    }

    scu::Client& client_;
    const Uid study_;
    std::map<Uid, std::set<Uid>> series_;
};

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
        Holdings holdings(client_, *uid);
        for (const auto& row : rows) {
            const auto held = holdings.has(row);
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
