// An object that was sealed by another program, written from FORMAT.md: sealed_object.py.
#include <algorithm>
#include <catch2/catch.hpp>
#include <fstream>
#include <map>

#include "codec/aead.hpp"
#include "codec/digest.hpp"
#include "codec/envelope.hpp"
#include "tests/codec/hex.hpp"
#include "tests/codec/sealed_sample.hpp"

using namespace portcullis;
using namespace portcullis::codec;
using test::from_hex;
using test::to_hex;

namespace {

using Values = std::map<std::string, std::string>;

Values read_values() {
    std::ifstream in(PORTCULLIS_SOURCE_DIR "/tests/vectors/codec/sealed-object-vectors.txt");
    REQUIRE(in);
    Values values;
    for (std::string line; std::getline(in, line);) {
        const auto at = line.find(" = ");
        if (line[0] != '#' && at != std::string::npos) values[line.substr(0, at)] = line.substr(at + 3);
    }
    return values;
}

class VectorKeys final : public OpeningKeys {
  public:
    explicit VectorKeys(const Values& values)
        : kek_(from_hex(values.at("kek"))),
          kek_id_(from_hex(values.at("kek_id"))),
          signer_(from_hex(values.at("signer"))) {}
    Result<Dek> unwrap(const Stanza& stanza, const EnvelopeId&) const override {
        const auto* key = std::get_if<KekStanza>(&stanza);
        Dek dek;
        if (!key || !std::ranges::equal(key->kek, kek_id_) || !unwrap_key(kek_, key->wrapped, dek.fill())) {
            return Failure::no_key;
        }
        return dek;
    }
    Result<Secret<32>> study_secret(const StudySecretId&) const override { return Failure::no_study_secret; }
    bool trusts(const PublicKey& signer) const override { return std::ranges::equal(signer, signer_); }

  private:
    ByteVector kek_, kek_id_, signer_;
};

ObjectIdentity identity_of(const Values& values) {
    return {values.at("tenant"), values.at("sop_class_uid"), values.at("sop_instance_uid")};
}

}  // namespace

TEST_CASE("an object sealed by another program opens") {
    const auto values = read_values();
    const auto begun = ObjectOpener::begin(from_hex(values.at("envelope")), VectorKeys(values),
                                           Catalogue::built_in(), identity_of(values));
    REQUIRE(begun);
    auto& opener = **begun;

    CHECK(opener.origin().gateway_id == "gate-1");
    CHECK(opener.origin().scanner_ae == "CT1");
    CHECK(opener.origin().time_ms == 1700000000123);
    BoundContext bound;
    bound.rows = 512;
    bound.columns = 256;
    bound.photometric_interpretation = "MONOCHROME2";
    bound.number_of_frames = 3;
    bound.encapsulated_transfer_syntax = "1.2.840.10008.1.2.4.90";
    CHECK(opener.description().bound == bound);
    CHECK(opener.description().recorded == RecordedContext{{{0x00100020, "PAT-1"}, {0x00281053, "1"}}});
    CHECK(opener.description().transfer_syntax == "1.2.840.10008.1.2.4.90");
    CHECK(opener.regions() == std::vector<Region>{{0x7FE00010, 0, RegionKind::fragment, 300},
                                                  {0x7FE00010, 1, RegionKind::fragment, 0},
                                                  {0x7FE00010, 2, RegionKind::fragment, unit_size + 40}});
    CHECK(opener.units() == 3);

    auto first = from_hex(values.at("unit_0"));
    REQUIRE(opener.open_unit(first, 0));
    CHECK(first == test::pattern(300, 0));
    auto last = from_hex(values.at("unit_2"));
    REQUIRE(opener.open_unit(last, 2));
    const auto region = test::pattern(unit_size + 40, 2);
    CHECK(std::ranges::equal(last, std::span(region).subspan(unit_size)));
}

TEST_CASE("the same keys make the same units") {
    const auto values = read_values();
    const auto bytes = from_hex(values.at("envelope"));
    const auto envelope = parse_envelope(bytes);
    REQUIRE(envelope);
    const auto dek = VectorKeys(values).unwrap(envelope->stanzas.at(0), envelope->head.id);
    REQUIRE(dek);
    const Codec& codec = test::built_in("rabbit-siv");
    const auto keys = derive_keys(*dek, {}, envelope->head.salt, Mode::key, codec);
    const auto aad = unit_aad(Mode::key, envelope->head.id, codec, identity_of(values));

    auto region = test::pattern(unit_size + 40, 2);
    const auto unit = std::span(region).first(unit_size);
    codec.create(keys.codec.view())->encrypt(unit, 1);
    const Tag tag = AeadSealer(keys.aead.view()).seal(1, aad, unit);
    CHECK(to_hex(sha256({unit})) == values.at("unit_1_sha256"));
    CHECK(std::ranges::equal(tag, envelope->tags.subspan(sizeof(Tag), sizeof(Tag))));
}
