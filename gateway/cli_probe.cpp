// probe: what an archive does to objects, and whether it is safe to seal into it.

#include "gateway/probe/probe.hpp"

#include <cstdio>

#include "gateway/base/counted.hpp"
#include "gateway/cli_archive.hpp"
#include "gateway/cli_json.hpp"
#include "gateway/cli_progress.hpp"
#include "gateway/cli_text.hpp"

namespace portcullis::cli {

namespace {

using probe::Level;

std::vector<std::string> conditions(const probe::Report& report, Level level) {
    std::vector<std::string> all;
    for (const auto& finding : report.findings)
        if (finding.level == level) all.push_back(finding.name + ": " + finding.found);
    return all;
}

Json to_json(const probe::Report& report, const std::string& archive) {
    Json findings = Json::array();
    for (const auto& finding : report.findings) {
        Json json = {{"name", finding.name}, {"level", probe::name(finding.level)}, {"found", finding.found}};
        if (!finding.means.empty()) json["means"] = finding.means;
        if (!finding.action.empty()) json["do"] = finding.action;
        findings.push_back(std::move(json));
    }
    return {{"archive", archive},
            {"where", report.where},
            {"way", report.way},
            {"verdict", probe::name(probe::verdict(report.findings))},
            {"conditions", conditions(report, Level::condition)},
            {"findings", findings},
            {"round_trip_seconds", report.seconds},
            {"left_behind",
             {{"patient_name", probe::patient_name},
              {"patient_id", report.study.patient_id},
              {"study_instance_uid", report.study.study.str()},
              {"objects", report.objects}}}};
}

void print_text(const Terminal& terminal, const probe::Report& report, const std::string& archive) {
    auto& out = terminal.out;
    out << "archive " << archive << ": " << report.where << '\n';
    if (!report.way.empty()) out << "objects came back by " << one_line(report.way) << '\n';
    for (const auto& finding : report.findings) {
        out << '\n'
            << probe::name(finding.level) << ": " << finding.name << ": " << one_line(finding.found) << '\n';
        if (!finding.means.empty()) out << "    means: " << finding.means << '\n';
        if (!finding.action.empty()) out << "    do: " << finding.action << '\n';
    }
    char seconds[32];
    std::snprintf(seconds, sizeof seconds, "%.2f", report.seconds);
    out << "\nfetching one object took " << seconds << " s (median)\n";
    if (report.objects > 0)
        out << "the test study stays in the archive; delete it there: Patient Name " << probe::patient_name
            << ", Patient ID " << report.study.patient_id << ", Study Instance UID "
            << report.study.study.str() << ", " << counted(report.objects, "object") << '\n';
    out << "verdict: " << probe::name(probe::verdict(report.findings)) << '\n';
    for (const auto level : {Level::bad, Level::condition})
        for (const auto& line : conditions(report, level)) out << "    " << one_line(line) << '\n';
}

}  // namespace

int probe_archive(const Terminal& terminal, const std::filesystem::path& config, const std::string& name) {
    const auto settings = read_settings(config);
    const auto& archive = archive_of(settings, name);
    const auto codecs = load_codecs(settings);
    std::optional<probe::Report> report;
    {
        Progress progress(terminal);
        report =
            probe::probe(settings, archive, codecs, [&](const std::string& step) { progress.say(step); });
    }
    if (terminal.json)
        print(terminal, to_json(*report, archive.name));
    else
        print_text(terminal, *report, archive.name);
    return probe::verdict(report->findings) == probe::Verdict::not_safe ? failed : done;
}

}  // namespace portcullis::cli
