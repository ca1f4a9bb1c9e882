// Every stage of FORMAT.md against vectors of another program (tests/vectors/codec/README.md).
#include <algorithm>
#include <catch2/catch.hpp>

#include "codec/aead.hpp"
#include "codec/blob_records.hpp"
#include "codec/digest.hpp"
#include "codec/envelope.hpp"
#include "codec/key_wrap.hpp"
#include "codec/rabbit/implementation.hpp"
#include "codec/rabbit_siv.hpp"
#include "codec/recovery_wrap.hpp"
#include "codec/sealed_blob.hpp"
#include "codec/signature.hpp"
#include "tests/codec/vector_file.hpp"

using namespace portcullis;
using namespace portcullis::codec;
using test::array;
using test::bytes;
using test::Json;

namespace {

const Json& vectors() {
    static const Json all = test::read_vectors("vectors.json");
    return all;
}

Mode mode_of(const Json& vector) {
    return static_cast<Mode>(vector.at("mode").get<int>());
}

template <std::size_t N>
std::span<const std::uint8_t, N> fixed(const ByteVector& data) {
    REQUIRE(data.size() == N);
    return std::span(data).template first<N>();
}

/// The cipher of a vector, at each implementation of the keystream if it has one.
std::vector<std::unique_ptr<UnitCipher>> ciphers_of(const Json& vector) {
    const auto key = bytes(vector, "codec_key");
    std::vector<std::unique_ptr<UnitCipher>> ciphers;
    if (vector.at("codec_id") == "rabbit-siv") {
        for (const auto& keystream : rabbit::implementations()) {
            ciphers.push_back(make_rabbit_siv(key, keystream));
        }
    } else {
        ciphers.push_back(test::codec_of(vector).create(key));
    }
    return ciphers;
}

/// The regions of a vector as they lie in the archive; what the file does not hold is sealed here.
std::vector<test::ReturnedRegion> sealed_regions(const Json& object) {
    const auto& codec = test::codec_of(object);
    const auto study =
        object.at("study_secrets").empty() ? ByteVector() : bytes(object.at("study_secrets").at(0), "secret");
    const bool registry = mode_of(object) == Mode::key_and_registry;
    const auto keys = derive_keys(test::dek_of(object), registry ? ByteSpan(study) : ByteSpan(),
                                  array<32>(object, "salt"), mode_of(object), codec);
    const auto aad =
        unit_aad(mode_of(object), array<16>(object, "envelope_id"), codec, test::identity_of(object));
    const auto cipher = codec.create(keys.codec.view());
    AeadSealer aead(keys.aead.view());
    std::uint64_t number = 0;
    std::vector<test::ReturnedRegion> regions;
    for (const auto& one : object.at("regions")) {
        auto data = test::plaintext_of(one, "length");
        for (std::size_t at = 0; at < data.size(); at += unit_size, ++number) {
            const auto unit = std::span(data).subspan(at, std::min(unit_size, data.size() - at));
            cipher->encrypt(unit, number);
            aead.seal(number, aad, unit);
        }
        CHECK(test::is_result(one, "sealed", data));
        regions.push_back({test::region_of(one), std::move(data)});
    }
    return regions;
}

}  // namespace

TEST_CASE("HKDF and the keys of an object") {
    for (const auto& vector : vectors().at("hkdf")) {
        const Codec codec{
            vector.at("codec_id"), vector.at("codec_version"), vector.at("codec_key_length"), {}};
        const auto keys = derive_keys(test::dek_of(vector), bytes(vector, "study_secret"),
                                      array<32>(vector, "salt"), mode_of(vector), codec);
        CHECK(std::ranges::equal(keys.aead.view(), bytes(vector, "aead")));
        CHECK(std::ranges::equal(keys.attributes.view(), bytes(vector, "attributes")));
        CHECK(std::ranges::equal(keys.envelope.view(), bytes(vector, "envelope")));
        CHECK(std::ranges::equal(keys.commitment, bytes(vector, "commit")));
        CHECK(std::ranges::equal(keys.codec.view(), bytes(vector, "codec")));
    }
}

TEST_CASE("keystream, in each implementation") {
    for (const auto& vector : vectors().at("keystream")) {
        for (const auto& implementation : rabbit::implementations()) {
            INFO(implementation.name);
            ByteVector stream(65536);
            rabbit::Lanes(array<16>(vector, "key"), implementation).apply(stream);
            CHECK(test::to_hex(std::span(stream).first(512)) == vector.at("first_512"));
            CHECK(test::to_hex(sha256({stream})) == vector.at("sha256_of_65536"));
        }
    }
}

TEST_CASE("units, by the codec alone, both ways") {
    for (const auto& vector : vectors().at("unit")) {
        const auto plain = test::plaintext_of(vector);
        for (const auto& cipher : ciphers_of(vector)) {
            auto unit = plain;
            cipher->encrypt(unit, vector.at("number"));
            CHECK(test::is_result(vector, "encrypted", unit));
            cipher->decrypt(unit, vector.at("number"));
            CHECK(unit == plain);
        }
    }
}

TEST_CASE("the AAD of units") {
    for (const auto& vector : vectors().at("unit_aad")) {
        const Codec codec{vector.at("codec_id"), vector.at("codec_version"), 0, {}};
        CHECK(test::to_hex(unit_aad(mode_of(vector), array<16>(vector, "envelope_id"), codec,
                                    test::identity_of(vector))) == vector.at("aad"));
    }
}

TEST_CASE("units inside AES-256-GCM, both ways") {
    for (const auto& vector : vectors().at("aead_unit")) {
        const auto plain = test::plaintext_of(vector);
        const auto key = bytes(vector, "aead");
        const auto aad = bytes(vector, "aad");
        for (const auto& cipher : ciphers_of(vector)) {
            auto unit = plain;
            cipher->encrypt(unit, vector.at("number"));
            const Tag tag = AeadSealer(fixed<32>(key)).seal(vector.at("number"), aad, unit);
            CHECK(test::is_result(vector, "sealed", unit));
            CHECK(test::to_hex(tag) == vector.at("tag"));
            REQUIRE(AeadOpener(fixed<32>(key)).open(vector.at("number"), aad, unit, tag));
            cipher->decrypt(unit, vector.at("number"));
            CHECK(unit == plain);
        }
    }
}

TEST_CASE("the sealed blob") {
    for (const auto& vector : vectors().at("blob")) {
        const auto plain = test::plaintext_of(vector);
        const auto key = bytes(vector, "attributes");
        const auto aad = array<32>(vector, "aad");
        const auto sealed = seal_blob(plain, fixed<32>(key), aad);
        CHECK(test::is_result(vector, "sealed", sealed));
        const auto opened = open_blob(sealed, plain.size(), fixed<32>(key), aad);
        REQUIRE(opened);
        CHECK(*opened == plain);
    }
}

TEST_CASE("the wrap by a KEK") {
    for (const auto& vector : vectors().at("kek_wrap")) {
        CHECK(wrap_key(bytes(vector, "kek"), bytes(vector, "dek")) == bytes(vector, "wrapped"));
        Dek dek;
        REQUIRE(unwrap_key(bytes(vector, "kek"), bytes(vector, "wrapped"), dek.fill()));
        CHECK(std::ranges::equal(dek.view(), bytes(vector, "dek")));
    }
}

TEST_CASE("the wrap for recovery") {
    const auto key = test::recovery_test_key();
    CHECK(test::to_hex(recovery_id(*key)) == vectors().at("recovery_public_key_sha256"));
    for (const auto& vector : vectors().at("recovery_wrap")) {
        const RecoveryStanza stanza{recovery_id(*key), bytes(vector, "wrapped")};
        const auto dek = unwrap_recovery(*key, stanza, array<16>(vector, "envelope_id"));
        REQUIRE(dek);
        CHECK(std::ranges::equal(dek->view(), bytes(vector, "dek")));
    }
}

TEST_CASE("the signature and the MAC") {
    for (const auto& vector : vectors().at("signature")) {
        const auto digest = sha256({bytes(vector, "body")});
        CHECK(test::to_hex(digest) == vector.at("body_sha256"));
        CHECK(verifies(array<32>(vector, "public_key"), digest, array<64>(vector, "signature")));
    }
    for (const auto& vector : vectors().at("mac")) {
        CHECK(test::to_hex(hmac_sha256(bytes(vector, "envelope_key"),
                                       {bytes(vector, "body"), bytes(vector, "stanzas")})) ==
              vector.at("mac"));
    }
}

TEST_CASE("envelopes, field by field, read and written") {
    for (const auto& vector : vectors().at("envelope")) {
        INFO(vector.at("name"));
        const auto envelope = bytes(vector, "envelope");
        const auto parsed = parse_envelope(envelope);
        REQUIRE(parsed);
        const auto& head = parsed->head;
        CHECK(parsed->body.size() == vector.at("body_length"));
        CHECK(head.mode() == mode_of(vector));
        CHECK(head.id == array<16>(vector, "envelope_id"));
        CHECK(test::to_hex(head.study_secret ? ByteSpan(*head.study_secret) : ByteSpan()) ==
              vector.at("study_secret_id"));
        CHECK(head.codec_id == vector.at("codec_id"));
        CHECK(head.codec_version == vector.at("codec_version"));
        CHECK(head.salt == array<32>(vector, "salt"));
        CHECK(head.commitment == array<32>(vector, "commitment"));
        CHECK(head.signer == array<32>(vector, "signer"));
        CHECK(head.tenant == vector.at("tenant"));
        CHECK(head.origin.gateway_id == vector.at("gateway"));
        CHECK(head.origin.scanner_ae == vector.at("scanner"));
        CHECK(head.origin.time_ms == vector.at("time_ms"));
        CHECK(head.bound == test::bound_of(vector.at("bound")));
        CHECK(head.transfer_syntax == vector.at("transfer_syntax"));
        CHECK(parsed->blob_length == vector.at("blob_length"));
        CHECK(std::ranges::equal(parsed->sealed_blob, bytes(vector, "sealed_blob")));
        CHECK(test::to_hex(parsed->signature) == vector.at("signature"));
        CHECK(test::to_hex(parsed->mac) == vector.at("mac"));

        RegionRuns runs;
        std::vector<Region> regions;
        for (const auto& region : vector.at("regions")) {
            regions.push_back(test::region_of(region));
            runs.add(regions.back());
        }
        CHECK(decode_regions(*parsed) == regions);
        std::string tags;
        for (const std::string tag : vector.at("tags")) tags += tag;
        CHECK(test::to_hex(parsed->tags) == tags);

        auto written =
            encode_body(head, runs.encode(), parsed->tags, parsed->sealed_blob, parsed->blob_length);
        WireWriter writer(written);
        writer.bytes(parsed->signature);
        writer.bytes(encode_stanzas(parsed->stanzas));
        writer.bytes(parsed->mac);
        CHECK(written == envelope);
    }
}

TEST_CASE("whole objects open, and are sealed to the same bytes") {
    for (const auto& object : vectors().at("objects")) {
        INFO(object.at("name"));
        const auto opened = test::open_whole(object, bytes(object, "envelope"), sealed_regions(object));
        REQUIRE(opened);
        REQUIRE(opened->regions.size() == object.at("regions").size());
        for (std::size_t i = 0; i < opened->regions.size(); ++i) {
            CHECK(opened->regions.at(i) == test::plaintext_of(object.at("regions").at(i), "length"));
        }
        std::vector<Change> changes;
        for (const auto& change : object.at("changes")) changes.push_back(test::change_of(change));
        CHECK(opened->description.changes == changes);
    }
}

TEST_CASE("the records of the blob, read and written") {
    for (const auto& vector : vectors().at("records")) {
        BlobRecords records;
        for (const auto& one : vector.at("recorded")) {
            records.recorded.values.emplace_back(one.at("tag"), one.at("value"));
        }
        for (const auto& change : vector.at("changes")) records.changes.push_back(test::change_of(change));
        const auto blob = bytes(vector, "blob");
        CHECK(encode_records(records) == blob);
        const auto decoded = decode_records(blob);
        REQUIRE(decoded);
        CHECK(decoded->recorded == records.recorded);
        CHECK(decoded->changes == records.changes);
    }
}
