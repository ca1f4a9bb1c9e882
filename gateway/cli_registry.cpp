// registry rebuild: the registry from the sealed files, where it is lost.

#include "gateway/cli_archive.hpp"
#include "gateway/cli_media.hpp"
#include "gateway/cli_rebuild.hpp"
#include "gateway/cli_text.hpp"
#include "gateway/media/refused.hpp"
#include "gateway/media/work.hpp"

namespace portcullis::cli {

namespace {

using media::Refused;

struct Answer {
    std::filesystem::path path;
    Found found;
    std::string detail;  // SOP Instance UID, or why it was refused
};

Answer look_into(const media::Job& job, const media::Means& means, const std::string& archive, Store& store) {
    if (!job.problem.empty()) throw Refused(job.problem);
    media::Source source(job.source);
    auto head = media::read_head(source.next());
    if (head.is_directory()) return {job.source, Found::not_sealed, {}};
    const auto looked = media::look_through(source, std::move(head));
    if (!looked.envelope) return {job.source, Found::not_sealed, looked.sop_instance};
    media::require_openable(source, looked, means);
    return {job.source, put_back(looked.identifiers, *looked.envelope, archive, store), looked.sop_instance};
}

Answer put_back_or_refuse(const media::Job& job, const media::Means& means, const std::string& archive,
                          Store& store) {
    try {
        return look_into(job, means, archive, store);
    } catch (const std::exception& why) {  // Refused; the journal's, no memory, OpenSSL's
        return {job.source, Found::refused, why.what()};
    }
}

class Account {
  public:
    Account(const Terminal& terminal, std::size_t files)
        : terminal_(terminal), files_(files), progress_(terminal) {}

    void take(const Answer& answer) {
        counts_.add(answer.found);
        if (terminal_.json) {
            print_line(terminal_,
                       {{"path", answer.path.string()},
                        {"state", name(answer.found)},
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
        if (!terminal_.json) terminal_.out << counts_.text() << '\n';
        return counts_.of(Found::refused) > 0 ? failed : done;
    }

  private:
    const Terminal& terminal_;
    const std::size_t files_;
    Progress progress_;
    Counts counts_;
    std::size_t done_ = 0;
};

}  // namespace

int registry_rebuild(const Terminal& terminal, const RebuildWork& work) {
    const auto settings = read_settings(work.config);
    const auto& archive = archive_of(settings, work.archive).name;
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
    const bool all = true;  // of the files that are given
    Store store(settings, all);
    Account account(terminal, jobs.size());
    media::InOrder<Answer> answers([&](const Answer& answer) { account.take(answer); });
    media::do_in_parallel(jobs.size(), work.jobs > 0 ? work.jobs : media::default_threads(),
                          [&](std::size_t number) {
                              answers.put(number, put_back_or_refuse(jobs[number], means, archive, store));
                          });
    return account.finish();
}

}  // namespace portcullis::cli
