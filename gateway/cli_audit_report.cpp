// audit report.

#include <ostream>

#include "gateway/auditor/report.hpp"
#include "gateway/auditor/times.hpp"
#include "gateway/auditor/whole_file.hpp"
#include "gateway/cli_inquiry.hpp"

namespace portcullis::cli {

namespace {

struct Wanted {
    std::string day, output;
    bool text = false;
};

/// As a shell takes it for one word.
std::string shell_word(const std::string& text) {
    constexpr auto harmless = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/._-+:@%";
    if (!text.empty() && text.find_first_not_of(harmless) == std::string::npos) return text;
    std::string word = "'";
    for (const char c : text) word += c == '\'' ? "'\\''" : std::string(1, c);
    return word + "'";
}

int report(const Terminal& terminal, const Inquiry& inquiry, const Wanted& wanted) {
    const auto settings = inquiry.settings();
    const auto read =
        auditor::read_day(settings ? settings->audit : std::filesystem::path(inquiry.log), wanted.day);
    const auto place =
        settings ? "--config " + shell_word(inquiry.config) : "--log " + shell_word(inquiry.log);
    const auto page = auditor::report(read, place);
    const auto text = wanted.text ? auditor::plain_text(page) : auditor::html(page);
    if (wanted.output.empty()) {
        terminal.out << text;
    } else {
        auditor::WholeFile file(wanted.output);
        file.append(text);
        file.complete();
    }
    if (read.chain.fault().empty()) return done;
    terminal.complain("the chain of " + wanted.day + " is broken: " + read.chain.fault() +
                      "; keep the log as evidence and compare it with a backup");
    return failed;
}

}  // namespace

void add_audit_report(CLI::App& audit, Typed& typed) {
    const auto inquiry = std::make_shared<Inquiry>();
    const auto wanted = std::make_shared<Wanted>();
    auto& command = add_command(
        audit, "report", "Tell what happened on a day: one page for an auditor", typed,
        [inquiry, wanted](const Terminal& terminal) { return report(terminal, *inquiry, *wanted); });
    add_log(command, inquiry);
    command.add_option("--day", wanted->day, "The day, of UTC")
        ->type_name("DAY")
        ->required()
        ->check([](const std::string& typed_day) {
            return auditor::is_day(typed_day) ? std::string()
                                              : "'" + typed_day + "' is no day; write 2026-11-29";
        });
    command.add_option("--output", wanted->output, "Write it there; default: standard output")
        ->type_name("FILE");
    command.add_flag("--text", wanted->text, "As plain text rather than HTML");
    command.footer(
        "The chain of the day's records, and of others in the same files, is verified, too. Exit status 1: "
        "it is broken; the page says so.");
}

}  // namespace portcullis::cli
