// The audit log.

#include <ostream>

#include "gateway/audit/audit.hpp"
#include "gateway/base/counted.hpp"
#include "gateway/cli_json.hpp"
#include "gateway/cli_words.hpp"

namespace portcullis::cli {

namespace {

int verify(const Terminal& terminal, const std::filesystem::path& log) {
    const auto verified = audit::verify(log);
    const auto& fault = verified.fault;
    if (terminal.json) {
        Json json = {{"log", log.string()},
                     {"ok", !fault},
                     {"records", verified.records},
                     {"root_hash", verified.root_hash}};
        if (fault) json["fault"] = {{"record", fault->record}, {"what", fault->what}};
        print(terminal, json);
    } else if (!fault) {
        terminal.out << log.string() << ": " << counted(verified.records, "record")
                     << ", unbroken; root hash " << verified.root_hash << '\n';
    }
    if (fault)
        terminal.complain(log.string() + ": record " + std::to_string(fault->record) + ": " + fault->what +
                          "; keep the file as evidence and compare it with a backup");
    return fault ? failed : done;
}

}  // namespace

void add_audit(CLI::App& app, Typed& typed) {
    auto& audit = *app.add_subcommand("audit", "The audit log");
    audit.require_subcommand(1);
    auto& command =
        add_command(audit, "verify", "Show that no record was changed, removed or moved", typed,
                    [&](const Terminal& terminal) { return verify(terminal, typed.log_folder()); });
    add_place(command, typed, "--log,DIR", typed.log, "The folder of the log");
}

}  // namespace portcullis::cli
