#pragma once
// What the tests of the upper layer share: short ways to write PDUs down.

#include <catch2/catch.hpp>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "gateway/ul/decode.hpp"
#include "gateway/ul/encode.hpp"
#include "gateway/ul/error.hpp"

namespace portcullis::ul::test {

inline const std::string ct_storage = "1.2.840.10008.5.1.4.1.1.2";
inline const std::string mr_storage = "1.2.840.10008.5.1.4.1.1.4";
inline const std::string implicit_little = "1.2.840.10008.1.2";
inline const std::string explicit_little = "1.2.840.10008.1.2.1";
inline const std::string jpeg_lossless = "1.2.840.10008.1.2.4.70";

inline Uid uid(std::string_view text) {
    return Uid::parse(text).value();
}
inline ContextId context_id(unsigned value) {
    return ContextId::parse(value).value();
}
inline AeTitle title(std::string_view text) {
    return AeTitle::parse(text).value();
}

inline ProposedContext proposed(unsigned id, std::string_view abstract,
                                const std::vector<std::string>& transfer) {
    ProposedContext context{context_id(id), uid(abstract), {}};
    for (const auto& syntax : transfer) context.transfer_syntaxes.push_back(uid(syntax));
    return context;
}

/// A small request that is in order.
inline AssociateRq sample_request() {
    AssociateRq request{1, title("PACS"), title("CT1"), std::string(application_context_name), {}, {}, {}};
    request.contexts.push_back(proposed(1, ct_storage, {implicit_little, explicit_little}));
    request.contexts.push_back(proposed(3, mr_storage, {implicit_little}));
    request.user.maximum_length = 16384;
    request.user.implementation_class_uid = "1.2.276.0.7230010.3.0.3.6.7";
    request.user.implementation_version_name = "OFFIS_DCMTK_367";
    return request;
}

/// Its acceptance.
inline AssociateAc sample_answer() {
    AssociateAc answer;
    answer.called = "PACS            ";
    answer.calling = "CT1             ";
    answer.application_context = application_context_name;
    answer.contexts.push_back({context_id(1), ContextResult::acceptance, explicit_little});
    answer.contexts.push_back({context_id(3), ContextResult::abstract_syntax_not_supported, ""});
    answer.user.maximum_length = 131072;
    answer.user.implementation_class_uid = "1.2.3";
    return answer;
}

inline Bytes encoded(const Pdu& pdu) {
    Bytes out;
    encode(pdu, out);
    return out;
}

/// A whole PDU of any type around a body of any kind.
inline Bytes pdu_of(std::uint8_t type, ByteView body) {
    Bytes out = {type, 0};
    append_be32(out, static_cast<std::uint32_t>(body.size()));
    append(out, body);
    return out;
}

inline Bytes item_of(std::uint8_t type, ByteView value) {
    Bytes out = {type, 0};
    append_be16(out, static_cast<std::uint16_t>(value.size()));
    append(out, value);
    return out;
}

inline Bytes concatenated(std::initializer_list<Bytes> parts) {
    Bytes out;
    for (const auto& part : parts) append(out, part);
    return out;
}

/// The variable field of an A-ASSOCIATE-RQ or -AC before its items, and a whole one with these items.
inline Bytes fixed_fields(std::string_view called = "PACS            ",
                          std::string_view calling = "CT1             ") {
    Bytes out = {0, 1, 0, 0};
    append(out, as_bytes(called));
    append(out, as_bytes(calling));
    out.resize(68, 0);
    return out;
}
inline Bytes associate_of(std::uint8_t type, std::initializer_list<Bytes> items) {
    Bytes body = fixed_fields();
    append(body, concatenated(items));
    return pdu_of(type, body);
}

inline Bytes application_item() {
    return item_of(0x10, as_bytes(application_context_name));
}
inline Bytes user_item(ByteView sub_items = {}) {
    return item_of(0x50, sub_items);
}
/// A presentation context item of a request, with sub-items as they come.
inline Bytes context_item(std::uint8_t id, ByteView sub_items) {
    Bytes value = {id, 0, 0, 0};
    append(value, sub_items);
    return item_of(0x20, value);
}
inline Bytes abstract_item(std::string_view text = ct_storage) {
    return item_of(0x30, as_bytes(text));
}
inline Bytes transfer_item(std::string_view text = implicit_little) {
    return item_of(0x40, as_bytes(text));
}
inline Bytes good_context_item(std::uint8_t id = 1) {
    return context_item(id, concatenated({abstract_item(), transfer_item()}));
}

/// The error of decoding, or none.
inline ErrorCode error_of(ByteView pdu) {
    const auto decoded = decode(pdu);
    return decoded ? ErrorCode() : decoded.error();
}

inline Bytes read_vector(const std::string& name) {
    std::ifstream file(std::string(PORTCULLIS_SOURCE_DIR) + "/tests/vectors/ul/" + name, std::ios::binary);
    REQUIRE(file);
    return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

/// The PDUs of one direction of a connection.
inline std::vector<Bytes> split(ByteView stream) {
    std::vector<Bytes> pdus;
    while (stream.size() >= pdu_header_size) {
        const auto header = decode_header(stream.first<pdu_header_size>(), DecodeLimits{});
        REQUIRE(header.has_value());
        const auto size = pdu_header_size + header->length;
        REQUIRE(size <= stream.size());
        pdus.emplace_back(stream.begin(), stream.begin() + static_cast<std::ptrdiff_t>(size));
        stream = stream.subspan(size);
    }
    REQUIRE(stream.empty());
    return pdus;
}

}  // namespace portcullis::ul::test
