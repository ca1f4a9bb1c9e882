// The audit log: what an auditor does with it.

#include "gateway/cli_audit.hpp"

#include <fstream>
#include <iterator>
#include <memory>
#include <ostream>

#include "gateway/audit/verify.hpp"
#include "gateway/base/counted.hpp"
#include "gateway/cli_inquiry.hpp"
#include "gateway/cli_json.hpp"
#include "gateway/cli_progress.hpp"
#include "gateway/keys/audit_key.hpp"

namespace portcullis::cli {

namespace fs = std::filesystem;

std::string read_all(const fs::path& path) {
    std::ifstream file(path, std::ios::binary);
    std::string text{std::istreambuf_iterator<char>(file), {}};
    if (!file || text.size() > (std::size_t{64} << 20))
        throw std::runtime_error(path.string() + ": cannot be read, or is too long");
    return text;
}

namespace {

struct VerifyWords {
    std::vector<std::string> keys;         // files
    std::vector<std::string> checkpoints;  // files
    std::uint64_t first = 1;
    std::string proof;
};

audit::Witness read_witness(const std::string& path) {
    const auto checkpoint = audit::Checkpoint::parse(read_all(path));
    if (!checkpoint)
        throw std::runtime_error(path + ": is not a checkpoint; give a copy of an audit.checkpoint");
    return {path, *checkpoint};
}

/// Whose key it is: "given", "keyring" or "none".
std::string find_keys(const Typed& typed, const VerifyWords& words, std::vector<audit::NoteKey>& keys) {
    for (const auto& path : words.keys) keys.push_back(read_note_key(path));
    if (!keys.empty()) return "given";
    if (typed.config.empty()) return "none";
    const auto settings = read_settings(typed.config);
    const auto key = keys::AuditKey::public_half(settings.keyring);
    if (!key) return "none";
    keys.push_back({audit::origin_of(settings.gateway_id), *key});
    return "keyring";
}

Json to_json(const fs::path& log, const audit::Verified& verified, const std::string& key) {
    Json json = {{"log", log.string()},
                 {"ok", !verified.fault},
                 {"first", verified.first},
                 {"records", verified.records},
                 {"root_hash", verified.root_hash},
                 {"key", key},
                 {"checkpoints", verified.checkpoints},
                 {"checkpointed", verified.checkpointed}};
    if (!verified.unconfirmed_since.empty()) json["unconfirmed_since"] = verified.unconfirmed_since;
    if (const auto& fault = verified.fault)
        json["fault"] = {{"record", fault->record}, {"what", fault->what}};
    return json;
}

void tell(const Terminal& terminal, const fs::path& log, const audit::Verified& verified,
          const std::string& key) {
    const auto line = [&]() -> std::ostream& { return terminal.out << log.string() << ": "; };
    line() << (verified.first == 1
                   ? counted(verified.records, "record")
                   : "records " + std::to_string(verified.first) + " to " + std::to_string(verified.records))
           << ", unbroken; root hash " << verified.root_hash << '\n';
    if (verified.first > 1) line() << "records 1 to " << verified.first - 1 << " are not here\n";
    if (key == "none") {
        line() << "no signature was looked at; give the key of the gateway by --key\n";
        return;
    }
    line() << counted(verified.checkpoints, "checkpoint") << " signed, the last of "
           << counted(verified.checkpointed, "record") << '\n';
    if (!verified.unconfirmed_since.empty())
        line() << "no checkpoint yet of the records since " << verified.unconfirmed_since << '\n';
    if (key == "keyring")
        line() << "the key is the keyring's own; an auditor brings it, and an earlier checkpoint, from "
                  "elsewhere: --key, --checkpoint\n";
}

void complain(const Terminal& terminal, const fs::path& log, const audit::Fault& fault) {
    const std::string where =
        fault.record > 0 ? log.string() + ": record " + std::to_string(fault.record) + ": " : "";
    terminal.complain(where + fault.what + "; keep the files as evidence and compare them with a backup");
}

int verify_log(const Terminal& terminal, const Typed& typed, const VerifyWords& words) {
    const auto log = typed.log_folder();
    audit::Known known;
    known.first = words.first;
    const auto key = find_keys(typed, words, known.keys);
    for (const auto& path : words.checkpoints) known.witnesses.push_back(read_witness(path));
    Progress progress(terminal);
    known.progress = [&](std::uint64_t records) { progress.say(counted(records, "record")); };
    const auto verified = audit::verify(log, known);
    progress.say("");
    if (terminal.json)
        print(terminal, to_json(log, verified, key));
    else if (!verified.fault)
        tell(terminal, log, verified, key);
    if (verified.fault) complain(terminal, log, *verified.fault);
    return verified.fault ? failed : done;
}

}  // namespace

void add_audit(CLI::App& app, Typed& typed) {
    auto& audit = *app.add_subcommand("audit", "The audit log");
    audit.require_subcommand(1);
    const auto words = std::make_shared<VerifyWords>();
    auto& verify = add_command(
        audit, "verify", "Show that no record was changed, removed, inserted or moved, and none cut off",
        typed, [&typed, words](const Terminal& terminal) {
            if (words->proof.empty()) return verify_log(terminal, typed, *words);
            return verify_proof(terminal, words->proof, words->keys);
        });
    auto& what = *verify.add_option_group("what");
    add_config(what, typed);
    what.add_option("--log,DIR", typed.log, "The folder of the log")->type_name("DIR");
    auto& proof = *what.add_option("--proof", words->proof, "Without the log: what audit prove made");
    what.require_option(1);
    auto& key = *verify.add_option("--key", words->keys,
                                   "The gateway's key, as audit key prints it, or in PEM; may be repeated");
    verify
        .add_option("--checkpoint", words->checkpoints,
                    "An audit.checkpoint that was kept elsewhere; may be repeated")
        ->type_name("FILE")
        ->excludes(&proof);
    verify
        .add_option("--first", words->first, "The first record that must be here: older ones were moved away")
        ->type_name("N")
        ->check(CLI::PositiveNumber)
        ->excludes(&proof);
    proof.type_name("FILE")->needs(&key);
    key.type_name("FILE");
    verify.footer(
        "Without a key only the chain of hashes is looked at, which somebody who may write the files can "
        "write "
        "anew. With --config the key is the keyring's; an auditor brings key and checkpoint from elsewhere.");
    add_json(verify, typed);
    add_audit_proof(audit, typed);
    add_audit_search(audit, typed);
    add_audit_export(audit, typed);
    add_audit_report(audit, typed);
}

}  // namespace portcullis::cli
