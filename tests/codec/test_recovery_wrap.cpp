// Recovery: RSA-OAEP to keys made here, at the least and at another length.
#include <openssl/ec.h>
#include <openssl/rsa.h>

#include <algorithm>
#include <catch2/catch.hpp>

#include "codec/object.hpp"
#include "codec/recovery_wrap.hpp"
#include "tests/codec/sealed_sample.hpp"

using namespace portcullis;
using namespace portcullis::codec;

namespace {

using Key = std::unique_ptr<EVP_PKEY, OpensslDeleter<EVP_PKEY_free>>;

Key rsa(std::size_t bits) {
    return Key(EVP_RSA_gen(bits));
}

EVP_PKEY& recovery_key() {
    static const Key key = rsa(3072);
    return *key;
}

Dek some_dek() {
    Dek dek;
    std::ranges::fill(dek.fill(), std::uint8_t{0x5A});
    return dek;
}

/// As a gateway with a recovery certificate, but no KEK: what a safe can open.
class RecoveryKeys final : public test::TestKeys {
  public:
    Result<std::vector<Stanza>> wrap(const Dek& dek, const EnvelopeId& id) const override {
        auto stanzas = TestKeys::wrap(dek, id);
        const auto recovery = wrap_for_recovery(recovery_key(), dek, id);
        if (!recovery) return recovery.failure();
        stanzas->push_back(*recovery);
        return stanzas;
    }
    Result<Dek> unwrap(const Stanza& stanza, const EnvelopeId& id) const override {
        const auto* recovery = std::get_if<RecoveryStanza>(&stanza);
        if (!recovery) return Failure::no_key;
        return unwrap_recovery(recovery_key(), *recovery, id);
    }
};

}  // namespace

TEST_CASE("a DEK comes back from a recovery stanza, under its envelope's id only") {
    const EnvelopeId id{1, 2, 3};
    const auto stanza = wrap_for_recovery(recovery_key(), some_dek(), id);
    REQUIRE(stanza);
    CHECK(stanza->wrapped.size() == 384);
    CHECK(stanza->certificate == recovery_id(recovery_key()));
    const auto dek = unwrap_recovery(recovery_key(), *stanza, id);
    REQUIRE(dek);
    CHECK(std::ranges::equal(dek->view(), some_dek().view()));
    CHECK(unwrap_recovery(recovery_key(), *stanza, EnvelopeId{1, 2, 4}).failure() == Failure::no_key);
}

TEST_CASE("a recovery stanza for another certificate, or changed, does not open") {
    const EnvelopeId id{};
    const Key other = rsa(4096);
    auto stanza = *wrap_for_recovery(*other, some_dek(), id);
    CHECK(stanza.wrapped.size() == 512);
    CHECK(unwrap_recovery(recovery_key(), stanza, id).failure() == Failure::no_key);
    stanza.certificate = recovery_id(recovery_key());
    CHECK(unwrap_recovery(recovery_key(), stanza, id).failure() == Failure::no_key);
    stanza = *wrap_for_recovery(recovery_key(), some_dek(), id);
    stanza.wrapped[100] ^= 1;
    CHECK(unwrap_recovery(recovery_key(), stanza, id).failure() == Failure::no_key);
}

TEST_CASE("keys that are too short, or none of RSA, do not recover") {
    const Key short_key = rsa(2048);
    CHECK(wrap_for_recovery(*short_key, some_dek(), {}).failure() == Failure::key_unavailable);
    const Key curve(EVP_EC_gen("P-256"));
    CHECK(wrap_for_recovery(*curve, some_dek(), {}).failure() == Failure::key_unavailable);
    CHECK(unwrap_recovery(*curve, {recovery_id(*curve), {}}, {}).failure() == Failure::no_key);
}

TEST_CASE("an object opens with the recovery key alone") {
    const RecoveryKeys keys;
    const auto sample = test::seal_sample(keys, {unit_size + 300});
    const auto opener = ObjectOpener::begin(sample.envelope, keys, Catalogue::built_in(), test::identity);
    REQUIRE(opener);
    auto unit = test::ByteVector(sample.sealed[0].begin() + unit_size, sample.sealed[0].end());
    REQUIRE((*opener)->open_unit(unit, 1));
    CHECK(std::equal(unit.begin(), unit.end(), sample.plain[0].begin() + unit_size));
}
