#include "gateway/audit/identifiers.hpp"

#include <catch2/catch.hpp>

#include "codec/digest.hpp"
#include "fixture.hpp"
#include "gateway/base/bytes.hpp"
#include "gateway/base/hex.hpp"
#include "gateway/keys/keyring.hpp"

using namespace portcullis;
using namespace portcullis::audit;
using Catch::Matches;

namespace {

/// A keyring that has a key for identifiers.
class Keyring {
  public:
    Keyring() { keys::Keyring::init(folder()); }
    std::filesystem::path folder() const { return std::filesystem::path(folder_) / "keys"; }
    Identifiers identifiers() const { return Identifiers::hashed(folder()); }

  private:
    const TemporaryFolder folder_;
};

std::string hidden(const Identifiers& identifiers, const std::string& name, const std::string& text) {
    Record record("store", {{name, text}});
    identifiers.hide(record);
    return std::get<std::string>(record.values.at(0).second);
}

}  // namespace

TEST_CASE("A hash is HMAC-SHA-256 under the key of the keyring, apart for patients and UIDs") {
    const Keyring keyring;
    const auto identifiers = keyring.identifiers();
    const auto key = keys::need_identifiers_key(keyring.folder());
    const auto expected = [&](const std::string& text) {
        return "hmac:" + hex(codec::hmac_sha256(key.view(), {as_bytes(text)})).substr(0, 32);
    };
    CHECK(identifiers.patient("4711") == expected(std::string("patient\0", 8) + "4711"));
    CHECK(identifiers.uid("1.2.3") == expected(std::string("uid\0", 4) + "1.2.3"));
    CHECK(identifiers.patient("4711") == keyring.identifiers().patient("4711"));
    CHECK(identifiers.patient("4711") != Keyring().identifiers().patient("4711"));
    CHECK(identifiers.patient("").empty());
    // A log shows both in the same way.
    CHECK(identifiers.patient("M\xfcller") == identifiers.patient("M\xc3\xbcller"));
}

TEST_CASE("What names a patient or an object is hidden, by the name of the value") {
    const auto identifiers = Keyring().identifiers();
    CHECK(hidden(identifiers, "patient_id", "4711") == identifiers.patient("4711"));
    for (const auto* name : {"study", "series", "sop_instance", "sealed_as", "transaction"})
        CHECK(hidden(identifiers, name, "1.2") == identifiers.uid("1.2"));
    for (const auto* name : {"missing_instances", "study_uids"})
        CHECK(hidden(identifiers, name, "1.2 1.3") == identifiers.uid("1.2") + ' ' + identifiers.uid("1.3"));
    CHECK(hidden(identifiers, "query", "AAEC").empty());
}

TEST_CASE("In any other text UIDs are hidden, and nothing else") {
    const auto identifiers = Keyring().identifiers();
    const std::string object = "1.3.6.1.4.1.9.5";
    const auto hash = identifiers.uid(object);
    CHECK(hidden(identifiers, "detail", "instance " + object + ", not " + object + ".") ==
          "instance " + hash + ", not " + hash + ".");
    CHECK(hidden(identifiers, "anything", object) == hash);
    CHECK(hidden(identifiers, "detail", "1.2.123456789012345") == identifiers.uid("1.2.123456789012345"));
    for (const auto* text : {"10.0.12.255:11112: connection refused", "1.2.840.10008.1.2.4.70", "3.6.7",
                             "(0010,0020) before byte 128: what...", "A700", ""})
        CHECK(hidden(identifiers, "detail", text) == text);
    for (const auto* name :
         {"sop_class", "data_set_sop_class", "transcoded", "contexts", "address", "gateway", "note"})
        CHECK(hidden(identifiers, name, object) == object);
}

TEST_CASE("Plain identifiers stay as they are") {
    const Identifiers plain;
    CHECK(plain.patient("4711") == "4711");
    CHECK(hidden(plain, "patient_id", "4711") == "4711");
    CHECK(hidden(plain, "detail", "1.3.6.1.4.1.9.5") == "1.3.6.1.4.1.9.5");
}

TEST_CASE("Who looks something up makes no key") {
    const TemporaryFolder folder;
    const auto keyring = std::filesystem::path(folder) / "keys";
    keys::Keyring::init(keyring);
    CHECK_FALSE(Identifiers::known_to(keyring));
    CHECK_FALSE(std::filesystem::exists(keyring / "audit-identifiers.key"));
    const auto made = Identifiers::hashed(keyring);
    REQUIRE(Identifiers::known_to(keyring));
    CHECK(Identifiers::known_to(keyring)->patient("4711") == made.patient("4711"));
}
