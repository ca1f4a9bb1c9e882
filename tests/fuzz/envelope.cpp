// Envelopes: whatever the bytes are, they are parsed within the limits and to one meaning, none opens that
// was not made with the keys, and of one that was no byte can be changed.

#include "codec/envelope.hpp"
#include "codec/blob_records.hpp"
#include "tests/codec/sealed_sample.hpp"
#include "tests/fuzz/fuzz.hpp"

namespace portcullis::fuzz {

namespace {

using namespace portcullis::codec;
using test::SealedSample;
using test::TestKeys;

/// What the rest of the input is; then the rest.
enum class Kind : std::uint8_t { envelope, records, changes };

bool opens(const TestKeys& keys, ByteSpan envelope) {
    return bool{ObjectOpener::begin(envelope, keys, Catalogue::built_in(), test::identity)};
}

void check_parsed(ByteSpan bytes, const Envelope& envelope) {
    const auto regions = decode_regions(envelope);
    std::uint64_t units = 0;
    for (const auto& region : regions) units += units_of(region.length);
    require(regions.size() == envelope.region_count, "there are as many regions as are counted");
    require(units == envelope.unit_count && envelope.tags.size() == units * sizeof(Tag),
            "each unit has its tag");
    require(std::ranges::equal(encode_stanzas(envelope.stanzas), envelope.stanza_bytes),
            "stanzas are written in one way");
    require(!parse_envelope(bytes.first(bytes.size() - 1)), "an envelope that was cut off is none");
    ByteVector longer(bytes.begin(), bytes.end());
    longer.push_back(0);
    require(!parse_envelope(longer), "an envelope ends where it ends");
}

void check_envelope(const TestKeys& keys, ByteSpan bytes) {
    const auto parsed = parse_envelope(bytes);
    if (parsed) check_parsed(bytes, *parsed);
    const auto id = envelope_id(bytes);
    require(bool{id} == bool{parsed} && (!id || *id == parsed->head.id), "its id is the same");
    require(!opens(keys, bytes), "who has no keys makes nothing that opens");
}

void check_records(ByteSpan bytes) {
    const auto decoded = decode_records(bytes);
    if (!decoded) return;
    require(are_well_formed(decoded->changes), "changes that are read can be undone");
    const auto again = decode_records(encode_records(*decoded));
    require(again && again->recorded == decoded->recorded && again->changes == decoded->changes,
            "records that are written are read as they were");
}

/// Of an envelope that opens: each three bytes say where (16 bits) and by what a byte of it is changed.
void check_changes(const TestKeys& keys, const SealedSample& sample, ByteSpan changes) {
    ByteVector envelope = sample.envelope;
    for (; changes.size() >= 3; changes = changes.subspan(3))
        envelope[(changes[0] << 8 | changes[1]) % envelope.size()] ^= changes[2];
    const auto opener = ObjectOpener::begin(envelope, keys, Catalogue::built_in(), test::identity);
    require(bool{opener} == (envelope == sample.envelope), "every byte of an envelope is protected");
    if (!opener) return;
    ByteVector unit = sample.sealed.front();
    require((*opener)->open_unit(unit, 0) && unit == sample.plain.front(), "what was sealed opens");
}

}  // namespace

void fuzz_one(ByteView input) {
    static const TestKeys keys;
    static const SealedSample sample = test::seal_sample(keys, {64});
    if (input.empty()) return;
    const auto rest = input.subspan(1);
    switch (static_cast<Kind>(input.front() % 3)) {
        case Kind::envelope:
            return check_envelope(keys, rest);
        case Kind::records:
            return check_records(rest);
        case Kind::changes:
            return check_changes(keys, sample, rest);
    }
}

}  // namespace portcullis::fuzz
