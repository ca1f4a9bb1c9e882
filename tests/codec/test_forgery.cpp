// What an archive, a network or an insider without the signing key might do to a sealed object.
#include <algorithm>
#include <catch2/catch.hpp>
#include <map>

#include "codec/digest.hpp"
#include "codec/envelope.hpp"
#include "tests/codec/sealed_sample.hpp"

using namespace portcullis;
using namespace portcullis::codec;
using test::TestKeys;

namespace {

Failure refusal(const ByteVector& envelope, const OpeningKeys& keys,
                const ObjectIdentity& identity = test::identity,
                const Catalogue& allowed = Catalogue::built_in()) {
    const auto opener = ObjectOpener::begin(envelope, keys, allowed, identity);
    REQUIRE_FALSE(opener);
    return opener.failure();
}

/// The offset of the first byte of `part` in the envelope.
std::size_t find(const ByteVector& envelope, ByteSpan part) {
    const auto at = std::ranges::search(envelope, part);
    REQUIRE(!at.empty());
    return static_cast<std::size_t>(at.begin() - envelope.begin());
}

/// Changes the body and recomputes the MAC, as whoever holds a DEK can.
ByteVector forge_with_dek(ByteVector envelope, const Dek& dek, std::size_t offset_in_body) {
    envelope[offset_in_body] ^= 1;
    const auto parsed = parse_envelope(envelope);
    REQUIRE(parsed);
    const auto& head = parsed->head;
    const auto keys = derive_keys(dek, {}, head.salt, head.mode(), test::built_in(head.codec_id));
    const Digest mac = hmac_sha256(keys.envelope.view(), {parsed->body, parsed->stanza_bytes});
    std::ranges::copy(mac, envelope.end() - static_cast<std::ptrdiff_t>(mac.size()));
    return envelope;
}

}  // namespace

TEST_CASE("every bit of an envelope, flipped, is refused under a name") {
    const TestKeys keys;
    const auto sample = test::seal_sample(keys, {300});
    std::map<Failure, int> seen;
    for (std::size_t at = 0; at < sample.envelope.size(); ++at) {
        for (unsigned bit = 0; bit < 8; ++bit) {
            INFO("byte " << at << " bit " << bit);
            auto forged = sample.envelope;
            forged[at] = static_cast<std::uint8_t>(forged[at] ^ 1u << bit);
            const auto failure = refusal(forged, keys);
            CHECK(failure <= Failure::bad_signature);
            ++seen[failure];
        }
    }
    for (const auto failure : {Failure::malformed, Failure::unknown_version, Failure::over_limit,
                               Failure::unsupported_mode, Failure::codec_not_allowed, Failure::no_key,
                               Failure::bad_commitment, Failure::bad_mac, Failure::bad_signature}) {
        INFO(name(failure));
        CHECK(seen[failure] > 0);
    }
}

TEST_CASE("each part of the envelope fails under its own name") {
    const TestKeys keys;
    const auto sample = test::seal_sample(keys, {300});
    const auto parsed = parse_envelope(sample.envelope);
    REQUIRE(parsed);
    const auto flipped = [&](ByteSpan part) {
        auto forged = sample.envelope;
        forged[find(forged, part)] ^= 1;
        return refusal(forged, keys);
    };
    CHECK(flipped(parsed->head.commitment) == Failure::bad_commitment);
    CHECK(flipped(parsed->head.salt) == Failure::bad_commitment);
    CHECK(flipped(parsed->head.id) == Failure::bad_mac);
    CHECK(flipped(parsed->head.signer) == Failure::bad_mac);
    CHECK(flipped(bytes_of("gate-1")) == Failure::bad_mac);
    CHECK(flipped(bytes_of("MONOCHROME2")) == Failure::bad_mac);
    CHECK(flipped(parsed->tags) == Failure::bad_mac);
    CHECK(flipped(parsed->sealed_blob) == Failure::bad_mac);
    CHECK(flipped(parsed->signature) == Failure::bad_signature);
    const auto& stanza = std::get<KekStanza>(parsed->stanzas[0]);
    CHECK(flipped(stanza.kek) == Failure::no_key);
    CHECK(flipped(stanza.wrapped) == Failure::no_key);
    CHECK(flipped(parsed->mac) == Failure::bad_mac);
}

TEST_CASE("a KEK that we do not have") {
    const auto sample = test::seal_sample(TestKeys(1), {300});
    CHECK(refusal(sample.envelope, TestKeys(2)) == Failure::no_key);
}

TEST_CASE("a key that unwraps but is not the one that was committed to") {
    TestKeys keys;
    const auto sample = test::seal_sample(keys, {300});
    keys.impostor.emplace().fill(7);
    CHECK(refusal(sample.envelope, keys) == Failure::bad_commitment);
}

TEST_CASE("the second of two stanzas opens as well") {
    const TestKeys ours(1), theirs(2);
    const auto sample = test::seal_sample(ours, {300});
    const auto parsed = parse_envelope(sample.envelope);
    REQUIRE(parsed);
    const auto other = theirs.wrap(*ours.last_dek, parsed->head.id);
    REQUIRE(other);
    const std::vector<Stanza> both = {other->at(0), parsed->stanzas[0]};
    const auto stanzas = encode_stanzas(both);
    const auto keys =
        derive_keys(*ours.last_dek, {}, parsed->head.salt, Mode::key, test::built_in("rabbit-siv"));
    ByteVector rewrapped(parsed->body.begin(), parsed->body.end());
    WireWriter writer(rewrapped);
    writer.bytes(parsed->signature);  // unchanged
    writer.bytes(stanzas);
    writer.bytes(hmac_sha256(keys.envelope.view(), {parsed->body, stanzas}));
    CHECK(ObjectOpener::begin(rewrapped, ours, Catalogue::built_in(), test::identity));
}

TEST_CASE("whoever holds a DEK, but not the signing key, cannot change the body") {
    const TestKeys keys;
    const auto sample = test::seal_sample(keys, {300});
    const auto at = find(sample.envelope, bytes_of("MONOCHROME2"));
    CHECK(refusal(forge_with_dek(sample.envelope, *keys.last_dek, at), keys) == Failure::bad_signature);
}

TEST_CASE("a signer that is not trusted, with a good signature and with a bad one") {
    TestKeys keys;
    keys.trusting = false;
    const auto sample = test::seal_sample(keys, {300});
    CHECK(refusal(sample.envelope, keys) == Failure::unknown_signer);
    const auto at = find(sample.envelope, bytes_of("gate-1"));
    CHECK(refusal(forge_with_dek(sample.envelope, *keys.last_dek, at), keys) == Failure::bad_signature);
}

TEST_CASE("a codec that is not allowed is not opened, before any key is touched") {
    const TestKeys keys;
    const auto sample = test::seal_sample(keys, {300}, "none");
    CHECK(refusal(sample.envelope, keys, test::identity, test::only({"rabbit-siv"})) ==
          Failure::codec_not_allowed);
    CHECK(refusal(sample.envelope, TestKeys(2), test::identity, test::only({})) ==
          Failure::codec_not_allowed);
}

TEST_CASE("an envelope of another object does not open this one") {
    const TestKeys keys;
    const auto sample = test::seal_sample(keys, {300});
    auto other = test::identity;
    other.sop_instance_uid += "8";
    CHECK(refusal(sample.envelope, keys, other) == Failure::bad_tag);
    other = test::identity;
    other.sop_class_uid += "8";
    CHECK(refusal(sample.envelope, keys, other) == Failure::bad_tag);
    other = test::identity;
    other.tenant = "another";
    CHECK(refusal(sample.envelope, keys, other) == Failure::bad_tag);
}

TEST_CASE("a unit that does not verify is refused and wiped") {
    const char* codec_id = GENERATE("rabbit-siv", "none");
    const TestKeys keys;
    const auto sample = test::seal_sample(keys, {unit_size + 100, 100}, codec_id);
    const auto opener = ObjectOpener::begin(sample.envelope, keys, Catalogue::built_in(), test::identity);
    REQUIRE(opener);
    const auto check_refused = [&](ByteVector unit, std::uint64_t number) {
        const auto opened = (*opener)->open_unit(unit, number);
        REQUIRE_FALSE(opened);
        CHECK(opened.failure() == Failure::bad_tag);
        CHECK(std::ranges::all_of(unit, [](auto byte) { return byte == 0; }));
    };
    const ByteVector last = {sample.sealed[0].begin() + unit_size, sample.sealed[0].end()};

    auto flipped = last;
    flipped[50] ^= 0x80;
    check_refused(flipped, 1);
    check_refused(last, 2);              // swapped with one of the same length
    check_refused(sample.sealed[1], 1);  // the other way round
    check_refused({last.begin(), last.end() - 1}, 1);
    auto longer = last;
    longer.push_back(0);
    check_refused(longer, 1);
    check_refused({}, 1);

    auto intact = last;  // a failure spoils nothing for the units after it
    CHECK((*opener)->open_unit(intact, 1));
    CHECK_THROWS_AS((*opener)->open_unit(intact, 3), std::logic_error);
}
