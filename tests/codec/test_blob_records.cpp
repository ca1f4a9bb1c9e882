// What is sealed with the object besides its regions: the records of the blob, and those that lie.
#include <catch2/catch.hpp>

#include "codec/blob_records.hpp"
#include "codec/envelope.hpp"
#include "tests/codec/sealed_sample.hpp"

using namespace portcullis;
using namespace portcullis::codec;
using How = Change::How;

namespace {

const Path top{{}, 0x00204000};
const Path nested{{{0x00880200, 1}}, 0x00280107};

Change taken_out(const Path& path) {
    return {.how = How::taken_out, .path = path, .vr = {'U', 'S'}, .original = {1, 2}};
}

Change replaced(const Path& path, std::size_t original, std::size_t sealed) {
    return {.how = How::replaced,
            .path = path,
            .original = ByteVector(original, 1),
            .sealed = ByteVector(sealed, 2)};
}

Change added(const Path& path) {
    return {.how = How::added, .path = path, .sealed = {3}};
}

/// Of a blob with these changes as they are, allowed or not; nothing if it is read.
std::optional<Failure> failure_of(const std::vector<Change>& changes) {
    const auto decoded = decode_records(encode_records({{}, changes}));
    CHECK(are_well_formed(changes) == (decoded || decoded.failure() == Failure::over_limit));
    return decoded ? std::nullopt : std::optional(decoded.failure());
}

Failure failure_of_bytes(const ByteVector& blob) {
    const auto decoded = decode_records(blob);
    REQUIRE_FALSE(decoded);
    return decoded.failure();
}

}  // namespace

TEST_CASE("records there and back") {
    auto sequence = taken_out({{}, 0x00603000});
    sequence.vr = {'S', 'Q'};
    sequence.undefined_length = true;
    const BlobRecords records = {
        test::ct_description().recorded,
        {taken_out({{}, 0x00280106}), sequence, replaced(top, 0, 40), replaced(nested, 2, 2),
         replaced({{}, 0x00280101}, 2, 2), added({{}, 0x00280102})}};
    const auto decoded = decode_records(encode_records(records));
    REQUIRE(decoded);
    CHECK(decoded->recorded == records.recorded);
    CHECK(decoded->changes == records.changes);
}

TEST_CASE("the bytes of the records") {
    auto unknown = taken_out({{}, 0x00091001});
    unknown.vr = {'U', 'N'};
    unknown.undefined_length = true;
    CHECK(encode_records({{}, {unknown}}) == ByteVector{2, 0, 0, 9, 0x10, 1, 'U', 'N', 1, 0, 0, 0, 2, 1, 2});
    CHECK(encode_records({{}, {replaced(nested, 1, 1)}}) ==
          ByteVector{3, 1, 0, 0x88, 2, 0, 1, 0, 0x28, 1, 7, 0, 0, 0, 1, 1, 0, 0, 0, 1, 2});
    CHECK(encode_records({{}, {added(top)}}) == ByteVector{4, 0, 0, 0x20, 0x40, 0, 0, 0, 0, 1, 3});
}

TEST_CASE("records that lie") {
    CHECK(failure_of_bytes({0}) == Failure::unknown_version);
    CHECK(failure_of_bytes({5}) == Failure::unknown_version);
    CHECK(failure_of_bytes({255}) == Failure::unknown_version);
    CHECK(failure_of_bytes({1, 0, 8, 0, 5, 0xFF, 0xFF, 0xFF, 0xFF, 'x'}) == Failure::malformed);
    CHECK(failure_of_bytes({2, 33}) == Failure::over_limit);
    CHECK(failure_of_bytes({2, 0, 0, 9, 0x10, 1, 'U', 'N', 2, 0, 0, 0, 0}) == Failure::malformed);
    CHECK(failure_of_bytes({4, 0, 0, 9, 0x10, 1, 0xFF, 0xFF, 0xFF, 0xFF, 0}) == Failure::malformed);

    const BlobRecords records = {{{{0x00080050, "A"}}}, {taken_out(top), replaced(nested, 2, 2)}};
    const auto blob = encode_records(records);
    std::size_t read = 0;
    for (std::size_t size = 1; size < blob.size(); ++size) {
        const auto cut = decode_records(ByteSpan(blob).first(size));
        if (cut) {
            ++read;
        } else {
            CHECK(cut.failure() == Failure::malformed);
        }
    }
    CHECK(read == 2);  // the ends of the first two records
}

TEST_CASE("what a change may be") {
    CHECK_FALSE(failure_of({taken_out(top), replaced(nested, 2, 2)}));
    CHECK(failure_of({taken_out(nested)}) == Failure::malformed);
    CHECK(failure_of({added(nested)}) == Failure::malformed);
    CHECK(failure_of({replaced(nested, 2, 3)}) == Failure::malformed);
    CHECK_FALSE(failure_of({replaced(top, 2, 3)}));

    auto change = taken_out(top);
    change.undefined_length = true;  // of a US
    CHECK(failure_of({change}) == Failure::malformed);
    for (const std::array<char, 2> vr : {std::array{'u', 's'}, std::array{'U', '\0'}, std::array{' ', 'S'}}) {
        change = taken_out(top);
        change.vr = vr;
        CHECK(failure_of({change}) == Failure::malformed);
    }
}

TEST_CASE("a path is changed once") {
    CHECK(failure_of({taken_out(top), taken_out(top)}) == Failure::malformed);
    CHECK(failure_of({taken_out(top), added(top)}) == Failure::malformed);
    CHECK(failure_of({replaced(nested, 2, 2), added(top), replaced(nested, 2, 2)}) == Failure::malformed);
    const Path other_item{{{0x00880200, 0}}, nested.tag};
    CHECK_FALSE(failure_of({replaced(nested, 2, 2), replaced(other_item, 2, 2)}));
}

TEST_CASE("as many records as are allowed, and one more") {
    std::vector<Change> changes;
    for (std::uint32_t tag = 0; tag < limits::changes; ++tag) changes.push_back(added({{}, tag}));
    CHECK_FALSE(failure_of(changes));
    changes.push_back(added({{}, 0x00204000}));
    CHECK(failure_of(changes) == Failure::over_limit);

    RecordedContext many;
    many.values.resize(limits::recorded_values);
    CHECK(decode_records(encode_records({many, {}})));
    many.values.resize(limits::recorded_values + 1);
    CHECK(failure_of_bytes(encode_records({many, {}})) == Failure::over_limit);
}
