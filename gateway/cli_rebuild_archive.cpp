// registry rebuild --archive: the registry from what the archive itself holds, object by object as it comes.

#include <algorithm>
#include <set>

#include "gateway/base/counted.hpp"
#include "gateway/base/nowhere.hpp"
#include "gateway/cli_archive.hpp"
#include "gateway/cli_media.hpp"
#include "gateway/cli_rebuild.hpp"
#include "gateway/cli_text.hpp"
#include "gateway/dimse/status.hpp"
#include "gateway/image/transfer_syntax.hpp"
#include "gateway/media/compare.hpp"
#include "gateway/media/refused.hpp"
#include "gateway/scu/listing.hpp"
#include "gateway/scu/retriever.hpp"

namespace portcullis::cli {

namespace {

namespace tag = image::tag;
using media::Refused;

constexpr auto longest_series = std::chrono::hours(24);  // to come

/// What became of one object.
struct Taken {
    Uid sop_instance;
    Found found;
    std::string reason;  // if it was refused
};

/// Where objects go: nothing of them is kept but the envelope.
class EnvelopeReceiver final : public scu::Receiver {
  public:
    EnvelopeReceiver(const media::Means& means, const std::string& archive, Store& store)
        : means_(means), archive_(archive), store_(store) {}

    void ask_for(scu::Choice choice) { choice_ = std::move(choice); }
    const scu::Choice& choice() const override { return choice_; }
    std::unique_ptr<scu::ObjectSink> begin(const Uid& sop_class, const Uid& sop_instance,
                                           const Uid& transfer_syntax) override;

    std::vector<Taken> taken;

  private:
    class Sink;
    Found take(const Uid& sop_class, const Uid& sop_instance, image::Reader&);

    const media::Means& means_;
    const std::string& archive_;
    Store& store_;
    scu::Choice choice_;
};

class EnvelopeReceiver::Sink final : public scu::ObjectSink {
  public:
    Sink(EnvelopeReceiver& receiver, const Uid& sop_class, const Uid& sop_instance,
         const image::TransferSyntax& syntax)
        : receiver_(receiver),
          sop_class_(sop_class),
          sop_instance_(sop_instance),
          at_once_(image::most_at_once(syntax)),
          reader_(image::make_reader(syntax)) {}

    void write(ByteView bytes) override {
        while (!bytes.empty() && trouble_.empty()) {
            const auto part = bytes.first(std::min(at_once_, bytes.size()));
            if (const auto pushed = reader_->push(part, nowhere_); !pushed) fail(pushed.error());
            bytes = bytes.subspan(part.size());
        }
    }
    std::uint16_t finish() override {
        if (trouble_.empty())
            if (const auto read = reader_->finish(); !read) fail(read.error());
        Taken taken{sop_instance_, Found::refused, trouble_};
        try {
            if (trouble_.empty()) taken.found = receiver_.take(sop_class_, sop_instance_, *reader_);
        } catch (const std::exception& why) {  // Refused; the journal's, no memory
            taken.reason = why.what();
        }
        receiver_.taken.push_back(std::move(taken));
        return dimse::status::success;  // it came; what we make of it is not the archive's concern
    }

  private:
    void fail(ErrorCode error) { trouble_ = error.message() + ": " + reader_->failure_detail(); }

    EnvelopeReceiver& receiver_;
    const Uid sop_class_, sop_instance_;
    const std::size_t at_once_;
    const std::unique_ptr<image::Reader> reader_;
    Nowhere nowhere_;
    std::string trouble_;
};

std::unique_ptr<scu::ObjectSink> EnvelopeReceiver::begin(const Uid& sop_class, const Uid& sop_instance,
                                                         const Uid& transfer_syntax) {
    const auto syntax = image::carried_transfer_syntax(transfer_syntax);
    if (!syntax) return nullptr;
    return std::make_unique<Sink>(*this, sop_class, sop_instance, *syntax);
}

/// The envelope has to open, under a signer whom we trust, for this very object. That its pixels verify is
/// not looked at: they have passed when it comes.
Found EnvelopeReceiver::take(const Uid& sop_class, const Uid& sop_instance, image::Reader& reader) {
    if (!reader.envelope()) return Found::not_sealed;
    const auto& known = reader.identifiers();
    if (known.sop_instance != sop_instance) throw Refused("the data set names another SOP Instance UID");
    const codec::ObjectIdentity identity{means_.tenant, sop_class.str(), sop_instance.str()};
    const auto& envelope = *reader.envelope();
    const auto opened = codec::ObjectOpener::begin(envelope, means_.opening_keys, means_.allowed, identity);
    if (!opened) throw Refused("its envelope does not open: " + std::string(codec::name(opened.failure())));
    return put_back(known, envelope, archive_, store_);
}

class Rebuild {
  public:
    Rebuild(const Terminal& terminal, const media::Means& means, const std::string& archive, bool all,
            Store& store, scu::Client& client)
        : terminal_(terminal),
          all_(all),
          store_(store),
          client_(client),
          archive_(archive),
          retriever_(client),
          receiver_(means, archive, store),
          progress_(terminal) {}

    int run(const std::vector<Uid>& studies) {
        std::size_t done_studies = 0;
        for (const auto& study : studies) {
            progress_.say(bar(done_studies++, studies.size(), "studies"));
            if (auto trouble = rebuild(study); !trouble.empty())
                complain("study " + study.str() + ": " + trouble);
        }
        progress_.say("");
        if (!terminal_.json)
            terminal_.out << counts_.text() << ", " << std::to_string(failed_) << " studies failed" << '\n';
        return failed_ > 0 || counts_.of(Found::refused) > 0 ? failed : done;
    }

  private:
    /// Why something of it is missing; empty: nothing is.
    std::string rebuild(const Uid& study) {
        std::string trouble;
        try {
            for (const auto& series : scu::list_series(client_, study)) {
                auto missing = rebuild(study, series);
                if (!missing.empty()) trouble = std::move(missing);
            }
        } catch (const scu::Failed& why) {
            trouble = why.what();
        }
        if (!trouble.empty()) ++failed_;
        return trouble;
    }

    std::string rebuild(const Uid& study, const Uid& series) {
        std::set<Uid> missing;
        std::set<Uid> classes;
        for (const auto& listed : scu::list_instances(client_, study, series)) {
            if (!all_ && is_known(listed.sop_instance)) {
                tell({listed.sop_instance, Found::known, {}}, study);
                continue;
            }
            missing.insert(listed.sop_instance);
            if (listed.sop_class) classes.insert(*listed.sop_class);
        }
        const auto wanted = missing.size();
        asked_ = {study, series, scu::classes_to_get({classes.begin(), classes.end()})};
        for (const auto& choice :
             {scu::Choice{{}, scu::Choice::Else::as_it_is_kept}, scu::Choice{image::uncompressed_syntaxes()}})
            if (!missing.empty()) fetch({{tag::query_retrieve_level, "SERIES"}}, choice, missing);
        for (const auto& sop_instance : std::set<Uid>(missing)) {
            fetch_one(sop_instance, missing);
            if (retriever_.way().empty()) return retriever_.no_way();
        }
        if (missing.empty()) return {};
        return std::to_string(missing.size()) + " of " + std::to_string(wanted) + " objects of series " +
               series.str() + " did not come: " + said_;
    }

    /// Some archives send what fits into the first context that was accepted, and nothing else: one transfer
    /// syntax after the other is asked for, the one that served last first.
    void fetch_one(const Uid& sop_instance, std::set<Uid>& missing) {
        for (auto syntax = compressed_.begin(); syntax != compressed_.end(); ++syntax) {
            fetch({{tag::query_retrieve_level, "IMAGE"}, {tag::sop_instance_uid, sop_instance.str()}},
                  scu::Choice{{*syntax}}, missing);
            if (missing.contains(sop_instance)) continue;
            std::rotate(compressed_.begin(), syntax, syntax + 1);
            return;
        }
    }

    void fetch(scu::Keys keys, scu::Choice choice, std::set<Uid>& missing) {
        keys.insert({{tag::study_instance_uid, asked_->study.str()},
                     {tag::series_instance_uid, asked_->series.str()}});
        receiver_.ask_for(std::move(choice));
        said_ = retriever_.retrieve(keys, receiver_, asked_->classes);
        for (const auto& taken : std::exchange(receiver_.taken, {}))
            if (missing.erase(taken.sop_instance) > 0) tell(taken, asked_->study);
    }

    /// An earlier run, or the journal, brought it back; or the registry is an old one, and what the archive
    /// holds was sealed again since: only the object itself would tell.
    bool is_known(const Uid& sop_instance) const {
        const auto rows = store_.registry.find(sop_instance);
        return std::any_of(rows.begin(), rows.end(), [&](const registry::Row& row) {
            return row.archive == archive_ && !row.envelope.empty();
        });
    }

    void tell(const Taken& taken, const Uid& study) {
        counts_.add(taken.found);
        if (terminal_.json) {
            Json json = {{"study", study.str()},
                         {"sop_instance", taken.sop_instance.str()},
                         {"state", name(taken.found)}};
            if (!taken.reason.empty()) json["reason"] = taken.reason;
            print_line(terminal_, json);
        }
        if (taken.found == Found::refused) complain(taken.sop_instance.str() + ": " + taken.reason);
    }
    void complain(const std::string& line) {
        progress_.say("");
        terminal_.complain(one_line(line));
    }

    const Terminal& terminal_;
    const bool all_;
    Store& store_;
    scu::Client& client_;
    const std::string& archive_;
    scu::Retriever retriever_;
    EnvelopeReceiver receiver_;
    Progress progress_;
    Counts counts_;
    std::vector<Uid> compressed_ = scu::compressed();
    struct Asked {
        Uid study, series;
        std::vector<Uid> classes;
    };
    std::optional<Asked> asked_;
    std::string said_;        // by the archive, last
    std::size_t failed_ = 0;  // studies
};

}  // namespace

int registry_rebuild_from_archive(const Terminal& terminal, const RebuildWork& work) {
    const auto settings = read_settings(work.config);
    const auto& archive = archive_of(settings, work.archive);
    MediaWork keys;
    keys.config = work.config;
    const Equipment equipment(keys);
    const auto means = equipment.means();
    Store store(settings, work.all);
    scu::Client client(settings, archive, settings.limits.response, longest_series);
    scu::Keys keys_of_studies = {{tag::patient_id, work.patient_id}, {tag::study_instance_uid, work.study}};
    const auto studies = scu::list_studies(client, keys_of_studies);
    return Rebuild(terminal, means, archive.name, work.all, store, client).run(studies);
}

}  // namespace portcullis::cli
