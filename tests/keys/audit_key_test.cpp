#include "gateway/keys/audit_key.hpp"

#include <sys/stat.h>

#include <catch2/catch.hpp>
#include <fstream>

#include "codec/signature.hpp"
#include "gateway/base/bytes.hpp"
#include "gateway/keys/keyring.hpp"
#include "tests/support/temporary_folder.hpp"

using namespace portcullis;
using keys::AuditKey;
namespace fs = std::filesystem;
using Catch::Contains;

namespace {

struct Fixture {
    Fixture() { keys::Keyring::init(folder); }

    const portcullis::support::TemporaryFolder own;
    const fs::path root = own.path();
    const fs::path folder = root / "keys";
};

}  // namespace

TEST_CASE("A new keyring has a key for the audit log, which is not the one that signs envelopes") {
    const Fixture fixture;
    const auto key = AuditKey::open_or_make(fixture.folder);
    CHECK(AuditKey::public_half(fixture.folder) == key.public_key());
    CHECK(key.public_key() != keys::Keyring::open(fixture.folder)->signer());
    CHECK_FALSE(keys::Keyring::open(fixture.folder)->trusts(key.public_key()));
}

TEST_CASE("An older keyring gets one, privately and once; a lost public half is made again") {
    const Fixture fixture;
    for (const auto* name : {"audit.key", "audit.pub"}) fs::remove(fixture.folder / name);
    CHECK_FALSE(AuditKey::public_half(fixture.folder));
    std::ofstream(fixture.folder / "audit.key.new") << "what a crash left";
    const auto made = AuditKey::open_or_make(fixture.folder).public_key();
    CHECK(AuditKey::open_or_make(fixture.folder).public_key() == made);
    fs::remove(fixture.folder / "audit.pub");
    CHECK(AuditKey::open_or_make(fixture.folder).public_key() == made);
    CHECK(AuditKey::public_half(fixture.folder) == made);
    CHECK_FALSE(fs::exists(fixture.folder / "audit.key.new"));
    for (const auto* name : {"audit.key", "audit.pub"}) {
        struct stat status {};
        REQUIRE(::stat((fixture.folder / name).c_str(), &status) == 0);
        CHECK((status.st_mode & 07777) == 0600);
    }
}

TEST_CASE("A lost key is asked for, and none is made in its place") {
    const Fixture fixture;
    const auto known = AuditKey::public_half(fixture.folder);
    fs::remove(fixture.folder / "audit.key");
    CHECK_THROWS_WITH(AuditKey::open_or_make(fixture.folder),
                      Contains("audit.key: is missing; restore it") && Contains("remove audit.pub"));
    CHECK_FALSE(fs::exists(fixture.folder / "audit.key"));
    CHECK(AuditKey::public_half(fixture.folder) == known);
    fs::remove(fixture.folder / "audit.pub");
    CHECK(AuditKey::open_or_make(fixture.folder).public_key() != known);
}

TEST_CASE("A damaged key is named, and none is made in its place") {
    const Fixture fixture;
    std::ofstream(fixture.folder / "audit.key", std::ios::trunc) << "-";
    CHECK_THROWS_WITH(AuditKey::open_or_make(fixture.folder),
                      Contains("audit.key: is not an unencrypted Ed25519"));
    std::ofstream(fixture.folder / "audit.pub", std::ios::trunc) << "-";
    CHECK_THROWS_WITH(AuditKey::public_half(fixture.folder),
                      Contains("audit.pub: is not an Ed25519 public key"));
    CHECK_FALSE(AuditKey::public_half(fixture.root / "none"));
}
