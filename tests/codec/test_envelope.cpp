// The envelope's bytes: limits, truncation, counts that lie.
#include <catch2/catch.hpp>

#include "codec/envelope.hpp"
#include "tests/codec/instrumented_memory.hpp"
#include "tests/codec/sealed_sample.hpp"

using namespace portcullis;
using namespace portcullis::codec;
using test::TestKeys;

namespace {

Failure failure_of(const ByteVector& envelope) {
    const auto parsed = parse_envelope(envelope);
    REQUIRE_FALSE(parsed);
    return parsed.failure();
}

EnvelopeHead head() {
    EnvelopeHead head;
    head.codec_id = "none";
    head.codec_version = 1;
    return head;
}

/// A well-formed envelope around the given regions and tags, with zeros for all that is cryptography.
ByteVector frame(const ByteVector& regions, std::size_t tag_bytes, const ByteVector& stanzas) {
    auto out = encode_body(head(), regions, ByteVector(tag_bytes), ByteVector(16), 0);
    WireWriter writer(out);
    writer.bytes(Signature{});
    writer.bytes(stanzas);
    writer.bytes(Digest{});
    return out;
}

ByteVector encode(const Stanza& stanza) {
    return encode_stanzas({&stanza, 1});
}

ByteVector one_stanza() {
    return encode(KekStanza{KeyId{}, ByteVector(wrapped_key_size)});
}

struct RawRun {
    std::uint32_t runs = 1;
    ByteVector path = {0, 0x7F, 0xE0, 0x00, 0x10};
    std::uint8_t kind = 1;
    std::uint32_t first_order = 0;
    std::uint32_t count = 1;
    ByteVector lengths = {0};
};

ByteVector raw(const RawRun& run) {
    ByteVector out;
    WireWriter writer(out);
    writer.number(run.runs);
    writer.bytes(run.path);
    writer.number(run.kind);
    writer.number(run.first_order);
    writer.number(run.count);
    writer.bytes(run.lengths);
    return out;
}

ByteVector with_run(const RawRun& run, std::size_t tag_bytes = 0) {
    return frame(raw(run), tag_bytes, one_stanza());
}

}  // namespace

TEST_CASE("the frame that the other cases spoil is well formed") {
    const auto parsed = parse_envelope(with_run({}));
    REQUIRE(parsed);
    CHECK(parsed->region_count == 1);
    CHECK(parsed->unit_count == 0);
}

TEST_CASE("an envelope cut at any length is malformed, and so is one with a byte more") {
    const auto sample = test::seal_sample(TestKeys(), {600000});
    REQUIRE(parse_envelope(sample.envelope));
    for (std::size_t size = 0; size < sample.envelope.size(); ++size) {
        INFO(size);
        CHECK(failure_of({sample.envelope.begin(), sample.envelope.begin() + static_cast<long>(size)}) ==
              Failure::malformed);
    }
    auto longer = sample.envelope;
    longer.push_back(0);
    CHECK(failure_of(longer) == Failure::malformed);
}

TEST_CASE("an envelope's length is even, whatever the lengths in it") {
    auto description = test::ct_description();
    for (std::size_t length = 0; length < 3; ++length) {
        description.transfer_syntax = std::string(length, '1');
        CHECK(test::seal_sample(TestKeys(), {10}, "none", description).envelope.size() % 2 == 0);
    }
}

TEST_CASE("another magic, another version") {
    auto envelope = with_run({});
    envelope[0] ^= 1;
    CHECK(failure_of(envelope) == Failure::malformed);
    envelope[0] ^= 1;
    envelope[9] = 2;
    CHECK(failure_of(envelope) == Failure::unknown_version);
}

TEST_CASE("the mode says whether the id of a study's secret follows") {
    auto envelope = with_run({});
    envelope[14] = 3;
    CHECK(failure_of(envelope) == Failure::unsupported_mode);

    auto with_secret = head();
    with_secret.study_secret = StudySecretId{5};
    auto other = encode_body(with_secret, raw({}), {}, ByteVector(16), 0);
    WireWriter writer(other);
    writer.bytes(Signature{});
    writer.bytes(one_stanza());
    writer.bytes(Digest{});
    const auto parsed = parse_envelope(other);
    REQUIRE(parsed);
    CHECK(parsed->head.mode() == Mode::key_and_registry);
    CHECK(parsed->head.study_secret == StudySecretId{5});
}

TEST_CASE("a recovery stanza has the length of an RSA modulus that we take") {
    const auto with_wrapped = [](std::size_t size) {
        return frame(raw({}), 0, encode(RecoveryStanza{Digest{7}, ByteVector(size)}));
    };
    const auto envelope = with_wrapped(384);
    const auto parsed = parse_envelope(envelope);
    REQUIRE(parsed);
    CHECK(std::get<RecoveryStanza>(parsed->stanzas.at(0)).certificate == Digest{7});
    CHECK(parse_envelope(with_wrapped(1024)));
    for (const std::size_t size : {0, 256, 383, 1025, 4096})
        CHECK(failure_of(with_wrapped(size)) == Failure::malformed);
}

TEST_CASE("regions that lie") {
    CHECK(failure_of(with_run({.runs = 0xFFFFFFFF})) == Failure::malformed);
    CHECK(failure_of(with_run({.kind = 0})) == Failure::malformed);
    CHECK(failure_of(with_run({.kind = 4})) == Failure::malformed);
    CHECK(failure_of(with_run({.count = 0, .lengths = {}})) == Failure::malformed);
    CHECK(failure_of(with_run({.first_order = 0xFFFFFFFF, .count = 2, .lengths = {0, 0}})) ==
          Failure::malformed);
    CHECK(failure_of(with_run({.count = 0xFFFFFFFF})) == Failure::over_limit);
    CHECK(failure_of(with_run({.count = (1 << 24) + 1})) == Failure::over_limit);
    CHECK(failure_of(with_run({.count = 1 << 24})) == Failure::malformed);  // allowed, but not there
}

TEST_CASE("paths of regions") {
    ByteVector deepest(1, 32);
    for (int i = 0; i < 32; ++i) deepest.insert(deepest.end(), {0x00, 0x88, 0x02, 0x00, 0x00});
    deepest.insert(deepest.end(), {0x7F, 0xE0, 0x00, 0x10});
    CHECK(parse_envelope(with_run({.path = deepest})));
    CHECK(parse_envelope(with_run({.path = deepest, .kind = 2})));
    CHECK(parse_envelope(with_run({.path = deepest, .kind = 3})));
    deepest[0] = 33;
    CHECK(failure_of(with_run({.path = deepest})) == Failure::over_limit);
    CHECK(failure_of(with_run({.path = {}, .lengths = {}})) == Failure::malformed);
}

TEST_CASE("lengths of regions") {
    CHECK(parse_envelope(with_run({.lengths = {0x80, 0x01}}, 16)));
    CHECK(failure_of(with_run({.lengths = {0x80, 0x00}})) == Failure::malformed);  // not the shortest form
    CHECK(failure_of(with_run({.lengths = ByteVector(20, 0xFF)})) == Failure::malformed);
    // 2^40, and one more
    CHECK(failure_of(with_run({.lengths = {0x80, 0x80, 0x80, 0x80, 0x80, 0x20}})) == Failure::malformed);
    CHECK(failure_of(with_run({.lengths = {0x81, 0x80, 0x80, 0x80, 0x80, 0x20}})) == Failure::over_limit);
    // one unit and no tag for it, no unit and a tag
    CHECK(failure_of(with_run({.lengths = {1}})) == Failure::malformed);
    CHECK(failure_of(with_run({.lengths = {0}}, 16)) == Failure::malformed);
}

TEST_CASE("stanzas that lie") {
    const auto with_count = [](std::uint16_t count) {
        auto stanzas = one_stanza();
        stanzas[0] = static_cast<std::uint8_t>(count >> 8);
        stanzas[1] = static_cast<std::uint8_t>(count);
        return frame(raw({}), 0, stanzas);
    };
    CHECK(failure_of(with_count(0)) == Failure::malformed);
    CHECK(failure_of(with_count(2)) == Failure::malformed);
    CHECK(failure_of(with_count(9)) == Failure::over_limit);
    CHECK(failure_of(with_count(0xFFFF)) == Failure::over_limit);

    const std::vector<Stanza> eight(8, KekStanza{KeyId{}, ByteVector(wrapped_key_size)});
    const auto parsed = parse_envelope(frame(raw({}), 0, encode_stanzas(eight)));
    REQUIRE(parsed);
    CHECK(parsed->stanzas.size() == 8);

    CHECK(failure_of(frame(raw({}), 0, encode(KekStanza{{}, ByteVector(wrapped_key_size - 8)}))) ==
          Failure::malformed);
    auto unknown = one_stanza();
    unknown[3] = 3;
    CHECK(failure_of(frame(raw({}), 0, unknown)) == Failure::malformed);
}

TEST_CASE("a blob over the limit") {
    auto body = encode_body(head(), raw({}), {}, ByteVector(16), limits::blob + 1);
    CHECK(failure_of(body) == Failure::over_limit);
}

/// 10,000 empty regions, each in another depth and item than the one before.
ByteVector many_nested_runs() {
    RegionRuns runs;
    for (std::uint32_t i = 0; i < 10'000; ++i) {
        const Path path{std::vector<PathStep>(i % 33, {0x00880200, i}), 0x7FE00010};
        runs.add({std::make_shared<const Path>(path), 0, RegionKind::native, 0});
    }
    return runs.encode();
}

TEST_CASE("parsing allocates no more than a small multiple of what is there") {
    const ByteVector lengths(1 << 20, 0);
    ByteVector deeper(1, 32);  // more sequences than there are bytes for
    deeper.resize(100);
    const std::vector<ByteVector> envelopes = {
        with_run({.count = 0xFFFFFFFF}),
        with_run({.count = 1 << 24}),
        with_run({.count = 1 << 20, .lengths = lengths}),
        with_run({.runs = 0xFFFFFFFF}),
        with_run({.path = deeper}),
        frame(many_nested_runs(), 0, one_stanza()),
        with_run({.lengths = {0x80, 0x80, 0x80, 0x80, 0x80, 0x20}}),
        encode_body(head(), raw({}), {}, {}, limits::blob),
    };
    for (const auto& envelope : envelopes) {
        const std::size_t before = test::bytes_allocated();
        const auto parsed = parse_envelope(envelope);
        CHECK(test::bytes_allocated() - before <= 1024 + envelope.size());
    }
}

TEST_CASE("a run ends where order, path or kind does not continue") {
    const auto icon = std::make_shared<const Path>(Path{{{0x00880200, 0}}, 0x7FE00010});
    const std::vector<Region> regions = {test::region(0x7FE00010, 0, RegionKind::fragment, 5),
                                         test::region(0x7FE00010, 1, RegionKind::fragment, 0),
                                         test::region(0x7FE00010, 3, RegionKind::fragment, 300),
                                         test::region(0x7FE00010, 4, RegionKind::native, 1),
                                         test::region(0x7FE00008, 5, RegionKind::native, 1),
                                         {icon, 6, RegionKind::fragment, 1},
                                         {icon, 7, RegionKind::fragment, 1},
                                         {icon, 8, RegionKind::value, 1}};
    RegionRuns runs;
    for (const auto& region : regions) runs.add(region);
    const auto bytes = frame(runs.encode(), 7 * sizeof(Tag), one_stanza());
    const auto parsed = parse_envelope(bytes);
    REQUIRE(parsed);
    const auto decoded = decode_regions(*parsed);
    CHECK(decoded == regions);
    CHECK(decoded[5].path == decoded[7].path);  // the same one, not an equal one
}
