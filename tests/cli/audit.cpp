// The commands of an auditor. What they find is tested in tests/independent/test_audit_*.py.

#include <catch2/catch.hpp>
#include <fstream>

#include "gateway/audit/audit.hpp"
#include "gateway/audit/checkpoint.hpp"
#include "gateway/audit/scribe.hpp"
#include "gateway/keys/audit_key.hpp"
#include "tests/cli/typed.hpp"

using namespace portcullis;
using Catch::Matchers::Contains;
using Catch::Matchers::StartsWith;

namespace {

/// A log of three records with a checkpoint, beside its configuration.
struct Kept {
    Kept() {
        REQUIRE(type({"keys", "init", "--config", file.c_str()}).status == 0);
        const auto key =
            std::make_shared<const keys::AuditKey>(keys::AuditKey::open_or_make(folder / "keys"));
        const auto id = read_settings(file).gateway_id;
        audit::AuditLog kept(
            log, {{}, audit::Signer{{audit::origin_of(id), key->public_key()}, [key](std::string_view text) {
                                        return key->sign(text);
                                    }}});
        std::vector<std::pair<journal::Position, std::string>> entries;
        for (journal::Position i = 0; i < 3; ++i) {
            auto entry = audit::Scribe().entry({"find", {}});
            kept.prepare(entry.payload);
            entries.emplace_back(i, entry.payload);
        }
        kept.apply(entries);
        REQUIRE(kept.checkpoint());
    }

    const Folder folder;
    const std::string file = folder.write("gate.yaml", valid);
    const std::string log = folder / "audit";
};

}  // namespace

TEST_CASE("The key of the audit log is printed for auditors, and taken in each form") {
    const Kept kept;
    const Answer printed = type({"audit", "key", "--config", kept.file.c_str()});
    REQUIRE(printed.status == 0);
    CHECK_THAT(printed.out, StartsWith("portcullis/audit/") && Contains("\n-----BEGIN PUBLIC KEY-----\n"));
    const Answer json = type({"audit", "key", "--config", kept.file.c_str(), "--json"});
    const std::string verifier = json.json().at("verifier_key");
    const std::string pem = json.json().at("pem");
    CHECK(printed.out == verifier + "\n" + pem);
    for (const auto& text : {printed.out, verifier, verifier + "\r\n", pem}) {
        const auto key = kept.folder.write("auditor.key", text);
        const Answer sound = type({"audit", "verify", kept.log.c_str(), "--key", key.c_str()});
        CHECK(sound.status == 0);
        CHECK_THAT(sound.out, Contains(": 1 checkpoint signed, the last of 3 records\n"));
    }
    const auto wrong = kept.folder.write("wrong.key", "key");
    const Answer refused = type({"audit", "verify", kept.log.c_str(), "--key", wrong.c_str()});
    CHECK(refused.status == 1);
    CHECK_THAT(refused.err, Contains("wrong.key: is not a key of an audit log"));
}

TEST_CASE("With a configuration the key is the keyring's own, which is said") {
    const Kept kept;
    CHECK_THAT(type({"audit", "verify", "--config", kept.file.c_str()}).out,
               Contains("1 checkpoint signed") && Contains("the key is the keyring's own"));
    CHECK(type({"audit", "verify", "--config", kept.file.c_str(), "--json"}).json().at("key") == "keyring");
}

TEST_CASE("A keyring of before there were audit keys has none to print") {
    const Kept kept;
    std::filesystem::remove(kept.folder / "keys/audit.pub");
    const Answer none = type({"audit", "key", "--config", kept.file.c_str()});
    CHECK(none.status == 1);
    CHECK(is_one_line(none.err));
    CHECK_THAT(none.err, Contains("there is no audit.pub"));
    CHECK_THAT(type({"audit", "verify", "--config", kept.file.c_str()}).out,
               Contains("no signature was looked at"));
}

TEST_CASE("A proof is written and verified") {
    const Kept kept;
    const auto proof = kept.folder / "proof.json";
    const auto key =
        kept.folder.write("auditor.key", type({"audit", "key", "--config", kept.file.c_str()}).out);
    CHECK(type({"audit", "prove", "--config", kept.file.c_str(), "--record", "2", "--output", proof.c_str()})
              .out.empty());
    const Answer holds = type({"audit", "verify", "--proof", proof.c_str(), "--key", key.c_str()});
    CHECK(holds.status == 0);
    CHECK_THAT(holds.out, Contains("record 2 is in the log portcullis/audit/") && Contains("\n{\"seq\":2,"));
    const Answer beyond = type({"audit", "prove", "--log", kept.log.c_str(), "--record", "4"});
    CHECK(beyond.status == 1);
    CHECK_THAT(beyond.err, Contains("no checkpoint speaks of record 4 yet"));
}
