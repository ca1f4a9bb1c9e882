// Headers, the short PDUs and P-DATA-TF.

#include "tests/ul/support.hpp"

using namespace portcullis;
using namespace portcullis::ul;
using namespace portcullis::ul::test;

namespace {

Result<PduHeader> header_of(const Bytes& bytes, const DecodeLimits& limits = {}) {
    return decode_header(ByteView(bytes).first<pdu_header_size>(), limits);
}

ErrorCode header_error(const Bytes& bytes, const DecodeLimits& limits = {}) {
    const auto header = header_of(bytes, limits);
    return header ? ErrorCode() : header.error();
}

Bytes header_bytes(std::uint8_t type, std::uint32_t length) {
    Bytes bytes = {type, 0};
    append_be32(bytes, length);
    return bytes;
}

Bytes header_bytes(PduType type, std::uint32_t length) {
    return header_bytes(static_cast<std::uint8_t>(type), length);
}

ErrorCode p_data_error(const Bytes& body) {
    return error_of(pdu_of(0x04, body));
}

bool equal(const PData& a, const PData& b) {
    const auto same = [](const Pdv& x, const Pdv& y) {
        return x.context == y.context && x.command == y.command && x.last == y.last &&
               std::equal(x.data.begin(), x.data.end(), y.data.begin(), y.data.end());
    };
    return std::equal(a.values.begin(), a.values.end(), b.values.begin(), b.values.end(), same);
}

}  // namespace

TEST_CASE("a stranger is known by the first six bytes") {
    CHECK(header_error({'G', 'E', 'T', ' ', '/', ' '}) == errc::unrecognized_pdu);
    CHECK(header_error({'P', 'O', 'S', 'T', ' ', '/'}) == errc::unrecognized_pdu);
    CHECK(header_error({0x16, 0x03, 0x01, 0x02, 0x00, 0x01}) == errc::unrecognized_pdu);  // a TLS hello
    CHECK(header_error({'S', 'S', 'H', '-', '2', '.'}) == errc::unrecognized_pdu);
    CHECK(header_error(header_bytes(0x00, 4)) == errc::unrecognized_pdu);
    CHECK(header_error(header_bytes(0x08, 4)) == errc::unrecognized_pdu);
    CHECK(header_error(header_bytes(0xff, 4)) == errc::unrecognized_pdu);
}

TEST_CASE("a length is judged before anything is kept for it") {
    for (const auto type : {PduType::associate_rq, PduType::associate_ac, PduType::p_data})
        CHECK(header_error(header_bytes(type, 0xffffffff)) == errc::pdu_too_long);
    for (const auto type :
         {PduType::associate_rj, PduType::release_rq, PduType::release_rp, PduType::abort}) {
        CHECK(header_error(header_bytes(type, 0xffffffff)) == errc::invalid_length);
        CHECK(header_error(header_bytes(type, 5)) == errc::invalid_length);
        CHECK(header_error(header_bytes(type, 3)) == errc::invalid_length);
        CHECK_FALSE(header_error(header_bytes(type, 4)));
    }
    for (const std::uint8_t type : Bytes{1, 2, 3, 4, 5, 6, 7})
        CHECK(header_error(header_bytes(type, 0)) == errc::invalid_length);
}

TEST_CASE("each type has its own limit") {
    const DecodeLimits limits{1000, 2000};
    CHECK(header_of(header_bytes(0x04, 1000), limits)->length == 1000);
    CHECK(header_error(header_bytes(0x04, 1001), limits) == errc::pdu_too_long);
    CHECK(header_of(header_bytes(0x01, 2000), limits)->type == PduType::associate_rq);
    CHECK(header_error(header_bytes(0x01, 2001), limits) == errc::pdu_too_long);
    CHECK(header_error(header_bytes(0x02, 2001), limits) == errc::pdu_too_long);
}

TEST_CASE("a PDU of a type that is none, or of another length than announced, is refused") {
    CHECK(error_of(pdu_of(0x08, Bytes(4))) == errc::unrecognized_pdu);
    CHECK(error_of(Bytes{}) == errc::invalid_length);
    CHECK(error_of(Bytes{0x05, 0, 0, 0, 0}) == errc::invalid_length);
    CHECK(error_of(Bytes{0x05, 0, 0, 0, 0, 4, 0, 0, 0}) == errc::invalid_length);
    CHECK(error_of(Bytes{0x05, 0, 0, 0, 0, 4, 0, 0, 0, 0, 0}) == errc::invalid_length);
}

TEST_CASE("the short PDUs have the layout of PS3.8 9.3.4 and 9.3.6 to 9.3.8") {
    const std::pair<Pdu, Bytes> cases[] = {
        {AssociateRj{1, 2, 3}, {0x03, 0, 0, 0, 0, 4, 0, 1, 2, 3}},
        {ReleaseRq{}, {0x05, 0, 0, 0, 0, 4, 0, 0, 0, 0}},
        {ReleaseRp{}, {0x06, 0, 0, 0, 0, 4, 0, 0, 0, 0}},
        {Abort{2, 6}, {0x07, 0, 0, 0, 0, 4, 0, 0, 2, 6}},
    };
    for (const auto& [pdu, bytes] : cases) {
        CHECK(encoded(pdu) == bytes);
        const auto decoded = decode(bytes);
        REQUIRE(decoded.has_value());
        CHECK(decoded->index() == pdu.index());
        CHECK(encoded(*decoded) == bytes);
    }
    CHECK(std::get<AssociateRj>(decode(cases[0].second).value()) == AssociateRj{1, 2, 3});
    CHECK(std::get<Abort>(decode(cases[3].second).value()) == Abort{2, 6});
}

TEST_CASE("presentation data values have the layout of PS3.8 9.3.5.1") {
    const Bytes command = {1, 2, 3, 4};
    const PData pdu{{{context_id(1), true, true, command}, {context_id(255), false, false, {}}}};
    const Bytes expected = {0x04, 0, 0, 0, 0, 16, 0, 0, 0, 6, 1, 3, 1, 2, 3, 4, 0, 0, 0, 2, 255, 0};
    CHECK(encoded(pdu) == expected);
    const auto decoded = decode(expected);
    REQUIRE(decoded.has_value());
    CHECK(equal(std::get<PData>(*decoded), pdu));
}

TEST_CASE("the data of a decoded value is not copied") {
    const Bytes bytes = pdu_of(0x04, Bytes{0, 0, 0, 4, 1, 2, 0xaa, 0xbb});
    const auto decoded = decode(bytes);
    REQUIRE(decoded.has_value());
    CHECK(std::get<PData>(*decoded).values.at(0).data.data() == bytes.data() + 12);
}

TEST_CASE("the upper bits of the message control header are not tested") {
    const Bytes bytes = pdu_of(0x04, Bytes{0, 0, 0, 2, 1, 0xfd});
    const auto decoded = decode(bytes);
    REQUIRE(decoded.has_value());
    CHECK(std::get<PData>(*decoded).values.at(0).command);
    CHECK_FALSE(std::get<PData>(*decoded).values.at(0).last);
}

TEST_CASE("presentation data values that do not fit their PDU are refused") {
    CHECK(p_data_error({}) == errc::invalid_length);
    CHECK(p_data_error({0, 0, 0, 0, 1, 0}) == errc::invalid_length);  // length 0
    CHECK(p_data_error({0, 0, 0, 1, 1, 0}) == errc::invalid_length);  // length 1
    CHECK(p_data_error({0, 0, 0, 3, 1, 0}) == errc::invalid_length);  // a byte past the PDU
    CHECK(p_data_error({0xff, 0xff, 0xff, 0xff, 1, 0}) == errc::invalid_length);
    CHECK(p_data_error({0, 0, 0, 2, 1, 0, 0}) == errc::invalid_length);  // a byte left over
    CHECK(p_data_error({0, 0, 0, 2, 1, 0, 0, 0, 0, 2, 1}) == errc::invalid_length);
    CHECK(p_data_error({0, 0, 0, 2, 2, 0}) == errc::invalid_value);  // an even context id
    CHECK(p_data_error({0, 0, 0, 2, 0, 0}) == errc::invalid_value);
}

TEST_CASE("odd and empty fragments are read as they are") {
    const Bytes bytes = pdu_of(0x04, Bytes{0, 0, 0, 5, 1, 0, 'a', 'b', 'c', 0, 0, 0, 2, 1, 2});
    const auto decoded = decode(bytes);
    REQUIRE(decoded.has_value());
    const auto& values = std::get<PData>(*decoded).values;
    REQUIRE(values.size() == 2);
    CHECK(as_text(values[0].data) == "abc");
    CHECK(values[1].data.empty());
    CHECK(values[1].last);
}

TEST_CASE("a PDU full of empty values is read") {
    Bytes body;
    for (int i = 0; i < 43'000; ++i) append(body, Bytes{0, 0, 0, 2, 1, 0});
    const auto decoded = decode(pdu_of(0x04, body));
    REQUIRE(decoded.has_value());
    CHECK(std::get<PData>(*decoded).values.size() == 43'000);
}
