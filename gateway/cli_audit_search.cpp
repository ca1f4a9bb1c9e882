// audit search, and audit export.

#include <limits>
#include <ostream>

#include "gateway/auditor/csv.hpp"
#include "gateway/auditor/table.hpp"
#include "gateway/auditor/whole_file.hpp"
#include "gateway/auditor/xml.hpp"
#include "gateway/base/counted.hpp"
#include "gateway/cli_inquiry.hpp"
#include "gateway/cli_json.hpp"

namespace portcullis::cli {

namespace {

int search(const Terminal& terminal, const Inquiry& inquiry, std::uint64_t limit) {
    auto search = inquiry.search();
    std::uint64_t found = 0;
    while (found < limit && terminal.out) {
        const auto record = search.next();
        if (!record) break;
        if (found++ == 0 && !terminal.json) terminal.out << auditor::table_head() << '\n';
        if (terminal.json)
            terminal.out << record->line << '\n';
        else
            terminal.out << auditor::table_row(record->logged) << '\n';
    }
    if (found == 0 && !terminal.json) terminal.out << "no such record\n";
    return done;
}

struct Export {
    Inquiry inquiry;
    std::string format, output;
};

std::uint64_t write_csv(auditor::Search& search, auditor::WholeFile& file) {
    std::uint64_t written = 0;
    file.append(auditor::csv_head());
    for (; const auto record = search.next(); ++written) file.append(auditor::csv_row(record->logged));
    return written;
}

std::uint64_t write_xml(auditor::Search& search, auditor::WholeFile& file, const audit::Reporter& reporter) {
    std::uint64_t written = 0;
    file.append(auditor::xml_head());
    while (const auto record = search.next()) {
        const auto line = auditor::xml_line(record->logged, reporter);
        if (!line) continue;
        file.append(*line);
        ++written;
    }
    file.append(auditor::xml_end());
    return written;
}

/// Who reports is not in the log.
audit::Reporter reporter_of(const Inquiry& inquiry) {
    const auto settings = inquiry.settings();
    if (!settings)
        throw SettingsError(
            "--format xml: takes --config, because the messages name the gateway that reports");
    return {settings->gateway_id, settings->ae_title};
}

int export_records(const Terminal& terminal, const Export& asked) {
    auto search = asked.inquiry.search();
    auditor::WholeFile file(asked.output);
    const bool xml = asked.format == "xml";
    const auto written = xml ? write_xml(search, file, reporter_of(asked.inquiry)) : write_csv(search, file);
    file.complete();
    if (terminal.json)
        print(terminal, {{"file", asked.output}, {"written", written}});
    else
        terminal.out << asked.output << ": " << counted(written, xml ? "message" : "record") << '\n';
    return done;
}

}  // namespace

void add_audit_search(CLI::App& audit, Typed& typed) {
    const auto inquiry = std::make_shared<Inquiry>();
    const auto limit = std::make_shared<std::uint64_t>(std::numeric_limits<std::uint64_t>::max());
    auto& command = add_command(
        audit, "search", "List the records that somebody asks for", typed,
        [inquiry, limit](const Terminal& terminal) { return search(terminal, *inquiry, *limit); });
    add_conditions(command, inquiry);
    command.add_option("--limit", *limit, "No more than these, the oldest")
        ->type_name("N")
        ->check(CLI::PositiveNumber)
        ->default_str("all");
    command.add_flag("--json", typed.json, "The lines of the log as they are");
}

void add_audit_export(CLI::App& audit, Typed& typed) {
    const auto asked = std::make_shared<Export>();
    const std::shared_ptr<Inquiry> inquiry(asked, &asked->inquiry);
    auto& command = add_command(
        audit, "export", "Write the records that somebody asks for into a file for other programs", typed,
        [asked](const Terminal& terminal) { return export_records(terminal, *asked); });
    add_conditions(command, inquiry);
    command
        .add_option("--format", asked->format,
                    "csv: RFC 4180, for spreadsheets; xml: the messages of DICOM PS3.15 A.5 of those records "
                    "that have one, which takes --config")
        ->required()
        ->check(CLI::IsMember({"csv", "xml"}));
    command.add_option("--output", asked->output, "The file, which is there whole or not at all")
        ->type_name("FILE")
        ->required();
    add_json(command, typed);
}

}  // namespace portcullis::cli
