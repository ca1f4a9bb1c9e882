// A-ASSOCIATE-RQ and -AC that are in order, or as real devices send them.

#include "tests/ul/support.hpp"

using namespace portcullis;
using namespace portcullis::ul;
using namespace portcullis::ul::test;

TEST_CASE("a request comes back from its bytes") {
    const AssociateRq request = sample_request();
    const auto decoded = decode(encoded(request));
    REQUIRE(decoded.has_value());
    CHECK(std::get<AssociateRq>(*decoded) == request);
}

TEST_CASE("an answer comes back from its bytes") {
    const AssociateAc answer = sample_answer();
    const auto decoded = decode(encoded(answer));
    REQUIRE(decoded.has_value());
    CHECK(std::get<AssociateAc>(*decoded) == answer);
}

TEST_CASE("the layout of a request is that of PS3.8 9.3.2") {
    AssociateRq request = sample_request();
    request.contexts = {proposed(5, "1.2", {"3.4"})};
    request.user = {};
    request.user.maximum_length = 0x00012345;
    const Bytes expected = pdu_of(0x01, concatenated({fixed_fields(),
                                                      application_item(),
                                                      {0x20, 0, 0, 18, 5, 0, 0, 0},
                                                      {0x30, 0, 0, 3, '1', '.', '2'},
                                                      {0x40, 0, 0, 3, '3', '.', '4'},
                                                      {0x50, 0, 0, 8, 0x51, 0, 0, 4, 0, 1, 0x23, 0x45}}));
    CHECK(encoded(request) == expected);
}

namespace {

/// DCMTK fills the byte that only an answer uses (the result, PS3.8 9.3.3.2) with FFH in what it proposes.
void clear_result_of_proposals(Bytes& request) {
    for (std::size_t at = pdu_header_size + 68; at < request.size(); at += 4 + load_be16(&request[at + 2]))
        if (request[at] == 0x20) request[at + 6] = 0;
}

}  // namespace

TEST_CASE("what DCMTK sends is decoded and, encoded again, is the same bytes") {
    for (const char* name : {"dcmtk-echo.requestor", "dcmtk-echo.acceptor", "dcmtk-store.requestor",
                             "dcmtk-store.acceptor", "dcmtk-get.requestor", "dcmtk-get.acceptor"}) {
        INFO(name);
        for (auto bytes : split(read_vector(name))) {
            const auto pdu = decode(bytes);
            REQUIRE(pdu.has_value());
            const Bytes again = encoded(*pdu);
            if (std::holds_alternative<AssociateRq>(*pdu)) clear_result_of_proposals(bytes);
            CHECK(again == bytes);
        }
    }
}

TEST_CASE("the proposal of DCMTK's getscu carries a role for every storage class") {
    const auto request = std::get<AssociateRq>(decode(split(read_vector("dcmtk-get.requestor"))[0]).value());
    CHECK(request.calling.str() == "WS1");
    CHECK(request.called.str() == "PACS");
    CHECK(request.contexts.size() == request.user.roles.size() + 1);
    CHECK(request.user.maximum_length == 16384);
    CHECK(request.user.implementation_version_name == "OFFIS_DCMTK_367");
}

TEST_CASE("reserved bytes are not tested") {
    Bytes bytes = encoded(sample_request());
    bytes[1] = 0xee;                                        // of the PDU
    bytes[8] = bytes[9] = 0xee;                             // after the protocol version
    for (std::size_t i = 42; i < 74; ++i) bytes[i] = 0xee;  // after the titles
    bytes[75] = 0xee;                                       // of the first item
    const auto decoded = decode(bytes);
    REQUIRE(decoded.has_value());
    CHECK(std::get<AssociateRq>(*decoded) == sample_request());
}

TEST_CASE("titles filled up with NUL, as some devices do, are titles") {
    const Bytes body = concatenated({fixed_fields(std::string_view("PACS\0\0\0\0\0\0\0\0\0\0\0\0", 16),
                                                  std::string_view("CT1 \0           ", 5)),
                                     application_item(), good_context_item(), user_item()});
    const auto decoded = decode(pdu_of(0x01, body));
    REQUIRE(decoded.has_value());
    CHECK(std::get<AssociateRq>(*decoded).called.str() == "PACS");
    CHECK(std::get<AssociateRq>(*decoded).calling.str() == "CT1");
}

TEST_CASE("the titles of an answer are kept as they came and not tested") {
    const Bytes body = concatenated(
        {fixed_fields("\\\\\\\\            ", std::string_view("\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0", 16)),
         application_item(), user_item()});
    const auto decoded = decode(pdu_of(0x02, body));
    REQUIRE(decoded.has_value());
    CHECK(std::get<AssociateAc>(*decoded).called == "\\\\\\\\            ");
    CHECK(encoded(*decoded) == pdu_of(0x02, body));
}

TEST_CASE("in an answer a rejected context may have an empty transfer syntax, or none") {
    const auto decoded =
        decode(associate_of(0x02, {application_item(), item_of(0x21, Bytes{1, 0, 3, 0}),
                                   item_of(0x21, Bytes{3, 0, 4, 0, 0x40, 0, 0, 0}), user_item()}));
    REQUIRE(decoded.has_value());
    const auto& contexts = std::get<AssociateAc>(*decoded).contexts;
    REQUIRE(contexts.size() == 2);
    CHECK(contexts[0].result == ContextResult::abstract_syntax_not_supported);
    CHECK(contexts[0].transfer_syntax.empty());
    CHECK(contexts[1].result == ContextResult::transfer_syntaxes_not_supported);
    CHECK(contexts[1].transfer_syntax.empty());
}

TEST_CASE("duplicate abstract syntaxes are legal") {
    AssociateRq request = sample_request();
    request.contexts = {proposed(1, ct_storage, {implicit_little}), proposed(3, ct_storage, {jpeg_lossless})};
    CHECK(std::get<AssociateRq>(decode(encoded(request)).value()) == request);
}

TEST_CASE("128 contexts are as many as there may be") {
    AssociateRq request = sample_request();
    request.contexts.clear();
    for (unsigned id = 1; id < 256; id += 2)
        request.contexts.push_back(proposed(id, ct_storage, {implicit_little}));
    CHECK(std::get<AssociateRq>(decode(encoded(request)).value()) == request);
}

TEST_CASE("a UID with a byte of padding is the UID") {
    const auto sub_items =
        concatenated({abstract_item(std::string_view("1.2\0", 4)), transfer_item("1.2.3 ")});
    const auto decoded =
        decode(associate_of(0x01, {application_item(), context_item(1, sub_items), user_item()}));
    REQUIRE(decoded.has_value());
    CHECK(std::get<AssociateRq>(*decoded).contexts[0] == proposed(1, "1.2", {"1.2.3"}));
}

TEST_CASE("items of unknown type are kept") {
    AssociateRq request = sample_request();
    request.unknown = {{0x60, {1, 2, 3}}, {0x60, {}}};
    CHECK(std::get<AssociateRq>(decode(encoded(request)).value()) == request);
}

TEST_CASE("items may come in any order") {
    const auto decoded = decode(associate_of(0x01, {user_item(), good_context_item(), application_item()}));
    REQUIRE(decoded.has_value());
    CHECK(std::get<AssociateRq>(*decoded).contexts.size() == 1);
}
