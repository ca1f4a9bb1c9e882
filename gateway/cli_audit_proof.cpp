// The gateway's key for auditors, and proofs that one record is in the log.

#include <fstream>
#include <memory>
#include <ostream>
#include <sstream>

#include "gateway/audit/proof.hpp"
#include "gateway/cli_audit.hpp"
#include "gateway/cli_json.hpp"
#include "gateway/keys/audit_key.hpp"
#include "gateway/keys/signing_key.hpp"

namespace portcullis::cli {

namespace fs = std::filesystem;

audit::NoteKey read_note_key(const fs::path& path) {
    const auto text = read_all(path);
    const auto first = text.substr(0, text.find_first_of("\r\n"));
    if (const auto key = audit::parse_verifier_key(first)) return *key;
    if (text.size() <= keys::SecretText::max) {
        keys::SecretText pem;
        pem.append(text);
        if (const auto key = keys::parse_public_key(pem)) return {"", *key};
    }
    throw std::runtime_error(path.string() +
                             ": is not a key of an audit log; give what portcullis audit key prints");
}

int verify_proof(const Terminal& terminal, const fs::path& path, const std::vector<std::string>& keys) {
    const auto proof = audit::parse_proof(read_all(path));
    if (!proof)
        throw std::runtime_error(path.string() + ": is not a proof; make one with portcullis audit prove");
    std::vector<audit::NoteKey> known;
    for (const auto& key : keys) known.push_back(read_note_key(key));
    const auto fault = audit::fault_of(*proof, known);
    const auto& checkpoint = proof->checkpoint;
    if (terminal.json) {
        Json json = {{"proof", path.string()},
                     {"ok", !fault},
                     {"record", proof->record},
                     {"origin", checkpoint.origin},
                     {"size", checkpoint.size}};
        if (fault) json["fault"] = *fault;
        print(terminal, json);
    } else if (!fault) {
        terminal.out << path.string() << ": record " << proof->record << " is in the log "
                     << checkpoint.origin << " of " << checkpoint.size << " records:\n"
                     << proof->line << '\n';
    }
    if (fault) terminal.complain(path.string() + ": " + *fault);
    return fault ? failed : done;
}

namespace {

struct ProveWords {
    std::uint64_t record = 0;
    std::string output;
};

int prove(const Terminal& terminal, const fs::path& log, const ProveWords& words) {
    const auto json = audit::to_json(audit::prove(log, words.record)) + '\n';
    if (words.output.empty()) {
        terminal.out << json;
        return done;
    }
    std::ofstream file(words.output, std::ios::binary);
    if (!(file << json).flush()) throw std::runtime_error(words.output + ": cannot be written");
    return done;
}

int key(const Terminal& terminal, const Settings& settings) {
    const auto key = keys::AuditKey::public_half(settings.keyring);
    if (!key)
        throw std::runtime_error(settings.keyring.string() +
                                 ": there is no audit.pub; the gateway makes it when it is started");
    const audit::NoteKey note{audit::origin_of(settings.gateway_id), *key};
    const auto pem = read_all(settings.keyring / "audit.pub");
    if (terminal.json)
        print(terminal, {{"origin", note.name}, {"verifier_key", audit::verifier_key(note)}, {"pem", pem}});
    else
        terminal.out << audit::verifier_key(note) << '\n' << pem;
    return done;
}

}  // namespace

void add_audit_proof(CLI::App& audit, Typed& typed) {
    const auto words = std::make_shared<ProveWords>();
    auto& proving = add_command(
        audit, "prove", "Prove that one record is in the log, for somebody who has only the key", typed,
        [&typed, words](const Terminal& terminal) { return prove(terminal, typed.log_folder(), *words); });
    proving.add_option("--record", words->record, "Its number")->type_name("N")->required();
    proving.add_option("--output", words->output, "Write the proof there")->type_name("FILE");
    add_place(proving, typed, "--log", typed.log, "The folder of the log");
    proving.footer("The proof is JSON, with the record in it. It is checked by audit verify --proof.");
    auto& printing = add_command(
        audit, "key", "Print the key that signs the log's checkpoints, for auditors", typed,
        [&typed](const Terminal& terminal) { return key(terminal, read_settings(typed.config)); });
    add_config(printing, typed)->required();
    add_json(printing, typed);
    printing.footer("The first line is the verifier key of a signed note, then the same key in PEM.");
}

}  // namespace portcullis::cli
