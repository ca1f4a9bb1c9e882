#include "gateway/image/commitment.hpp"

#include <catch2/catch.hpp>

#include "gateway/image/deflate.hpp"
#include "gateway/image/error.hpp"
#include "tests/image/build.hpp"
#include "tests/image/gate.hpp"

using namespace portcullis;
using namespace portcullis::image;
using namespace portcullis::image::test;

namespace {

const TransferSyntax big_endian = syntax("1.2.840.10008.1.2.2");
const TransferSyntax deflating = syntax("1.2.840.10008.1.2.1.99");

Uid uid(const std::string& text) {
    return Uid::parse(text).value();
}

/// A list of instances, the items of defined length or not.
Bytes list(Encoding encoding, std::uint32_t tag, const std::vector<std::string>& instances, bool defined) {
    DataSet items(encoding);
    for (const auto& instance : instances) {
        DataSet item(encoding);
        item.uid(0x00081150, "1.2.840.10008.5.1.4.1.1.2").uid(0x00081155, instance);
        append(items.bytes, item_of(encoding, item.bytes, defined));
    }
    DataSet sequence(encoding);
    sequence.header(tag, "SQ", defined ? static_cast<std::uint32_t>(items.bytes.size()) : undefined);
    append(sequence.bytes, items.bytes);
    if (!defined) sequence.end_sequence();
    return sequence.bytes;
}

Bytes result(Encoding encoding, bool defined) {
    DataSet data(encoding);
    data.uid(0x00081195, "1.2.77");
    append(data.bytes, list(encoding, 0x00081198, {"1.2.5"}, defined));
    append(data.bytes, list(encoding, 0x00081199, {"1.2.3", "1.2.4"}, defined));
    return data.bytes;
}

}  // namespace

TEST_CASE("transaction and instances of a commitment, in every encoding") {
    const bool defined = GENERATE(false, true);
    for (const auto& each : {implicit_le, explicit_le, big_endian, deflating}) {
        const auto plain = result(each.encoding, defined);
        const auto read = read_commitment(each.deflated ? deflated(plain) : plain, each);
        REQUIRE(read.has_value());
        CHECK(read->transaction == uid("1.2.77"));
        CHECK(read->referenced == std::vector{uid("1.2.3"), uid("1.2.4")});
        CHECK(read->failed == std::vector{uid("1.2.5")});
    }
}

TEST_CASE("only what stands in the items of the two lists is an instance of a commitment") {
    DataSet data(true);
    data.header(0x00081111, "SQ", undefined).item().uid(0x00081155, "1.2.1").end_item().end_sequence();
    data.uid(0x00081195, "1.2.77");
    data.header(0x00081199, "SQ", undefined).item().uid(0x00081155, "1.2.3");
    data.header(0x00081199, "SQ", undefined).item().uid(0x00081155, "1.2.4").end_item().end_sequence();
    data.end_item().end_sequence();
    const auto read = read_commitment(data.bytes, explicit_le);
    REQUIRE(read.has_value());
    CHECK(read->referenced == std::vector{uid("1.2.3")});
    CHECK(read->failed.empty());
}

TEST_CASE("malformed commitments") {
    const auto is_malformed = [](ByteView bytes) {
        const auto read = read_commitment(bytes, explicit_le);
        return !read && read.error() == errc::malformed;
    };
    const auto whole = result(explicit_le.encoding, true);
    REQUIRE_FALSE(is_malformed(whole));
    CHECK(is_malformed({}));
    CHECK(is_malformed(list(explicit_le.encoding, 0x00081199, {"1.2.3"}, true)));
    CHECK(is_malformed(ByteView(whole).first(whole.size() - 1)));
    CHECK(is_malformed(DataSet(true).element(0x00081195, "UI", "1.2.*").bytes));
    CHECK(is_malformed(DataSet(true).element(0x00081195, "UI", "").bytes));
    DataSet of_nothing(true);
    of_nothing.uid(0x00081195, "1.2.77");
    append(of_nothing.bytes, list(explicit_le.encoding, 0x00081199, {"none"}, true));
    CHECK(is_malformed(of_nothing.bytes));
}

TEST_CASE("a commitment is read up to its bound, deflated or not") {
    DataSet data(true);
    data.uid(0x00081195, "1.2.77");
    const auto rest = longest_commitment - data.bytes.size() - 12;
    DataSet longer = data;
    data.element(0x00091001, "UN", Bytes(rest, 0));
    longer.element(0x00091001, "UN", Bytes(rest + 2, 0));
    CHECK(read_commitment(data.bytes, explicit_le).has_value());
    CHECK(read_commitment(longer.bytes, explicit_le).error() == errc::malformed);
    CHECK(read_commitment(deflated(data.bytes), deflating).has_value());
    CHECK_FALSE(read_commitment(deflated(longer.bytes), deflating).has_value());
}
