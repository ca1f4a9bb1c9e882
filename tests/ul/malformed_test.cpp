// A-ASSOCIATE PDUs that no device should send, and some do.

#include "tests/ul/support.hpp"

using namespace portcullis;
using namespace portcullis::ul;
using namespace portcullis::ul::test;

namespace {

ErrorCode request_error(std::initializer_list<Bytes> items) {
    return error_of(associate_of(0x01, items));
}
ErrorCode answer_error(std::initializer_list<Bytes> items) {
    return error_of(associate_of(0x02, items));
}
ErrorCode context_error(ByteView sub_items, std::uint8_t id = 1) {
    return request_error({application_item(), context_item(id, sub_items), user_item()});
}
ErrorCode title_error(std::string_view called, std::string_view calling) {
    return error_of(pdu_of(0x01, concatenated({fixed_fields(called, calling), application_item(),
                                               good_context_item(), user_item()})));
}

/// The first `size` bytes, with a length in the header that agrees.
Bytes cut(const Bytes& pdu, std::size_t size) {
    return pdu_of(pdu[0], ByteView(pdu).subspan(pdu_header_size, size - pdu_header_size));
}

}  // namespace

TEST_CASE("a request cut at any offset is refused") {
    AssociateRq request = sample_request();
    request.user.roles = {{uid(ct_storage), true, true}};
    request.user.user_identity_rq = UserIdentityRq{2, true, {'u'}, {'p'}};
    const Bytes whole = encoded(request);
    for (std::size_t size = 0; size < whole.size(); ++size) {
        INFO(size);
        CHECK(error_of(ByteView(whole).first(size)) == errc::invalid_length);
    }
}

TEST_CASE("a request cut at any offset, with a length that agrees, is refused") {
    const AssociateRq request = sample_request();
    const Bytes whole = encoded(request);
    for (std::size_t size = pdu_header_size; size < whole.size(); ++size) {
        INFO(size);
        CHECK(error_of(cut(whole, size)));
    }
}

TEST_CASE("an answer cut at any offset, with a length that agrees, is refused") {
    const Bytes whole = encoded(sample_answer());
    for (std::size_t size = pdu_header_size; size < whole.size(); ++size) {
        INFO(size);
        CHECK(error_of(cut(whole, size)));
    }
}

TEST_CASE("bytes after the PDU are refused") {
    Bytes bytes = encoded(sample_request());
    bytes.push_back(0);
    CHECK(error_of(bytes) == errc::invalid_length);
}

TEST_CASE("any single byte changed is decoded or refused, and survives encoding again") {
    AssociateRq request = sample_request();
    request.user.roles = {{uid(ct_storage), true, true}};
    const Bytes whole = encoded(request);
    for (std::size_t at = 0; at < whole.size(); ++at) {
        for (const int value : {0x00, 0x01, 0x20, 0x7f, 0x80, 0xff}) {
            Bytes changed = whole;
            changed[at] = static_cast<std::uint8_t>(value);
            const auto decoded = decode(changed);
            if (!decoded) continue;
            CHECK(encoded(decode(encoded(*decoded)).value()) == encoded(*decoded));
        }
    }
}

TEST_CASE("context ids are odd, not zero, and not given twice") {
    const auto good = concatenated({abstract_item(), transfer_item()});
    CHECK_FALSE(context_error(good, 1));
    CHECK_FALSE(context_error(good, 255));
    CHECK(context_error(good, 0) == errc::invalid_value);
    CHECK(context_error(good, 2) == errc::invalid_value);
    CHECK(context_error(good, 254) == errc::invalid_value);
    CHECK(request_error({application_item(), good_context_item(7), good_context_item(7), user_item()}) ==
          errc::invalid_value);
    const Bytes accepted = {0x21, 0, 0, 4, 7, 0, 0, 0};
    CHECK(answer_error({application_item(), accepted, accepted, user_item()}) == errc::invalid_value);
    CHECK(answer_error({application_item(), {0x21, 0, 0, 4, 2, 0, 0, 0}, user_item()}) ==
          errc::invalid_value);
}

TEST_CASE("129 contexts are too many") {
    for (const std::uint8_t type : Bytes{0x01, 0x02}) {
        Bytes contexts;
        for (unsigned id = 1; id < 256; id += 2)
            append(contexts, type == 0x01 ? good_context_item(static_cast<std::uint8_t>(id))
                                          : item_of(0x21, Bytes{static_cast<std::uint8_t>(id), 0, 0, 0}));
        CHECK_FALSE(error_of(associate_of(type, {application_item(), contexts, user_item()})));
        append(contexts, type == 0x01 ? good_context_item(1) : item_of(0x21, Bytes{1, 0, 0, 0}));
        CHECK(error_of(associate_of(type, {application_item(), contexts, user_item()})) ==
              errc::too_many_items);
    }
}

TEST_CASE("a proposed context has one abstract syntax and at least one transfer syntax") {
    CHECK(context_error(abstract_item()) == errc::missing_item);
    CHECK(context_error(transfer_item()) == errc::missing_item);
    CHECK(context_error({}) == errc::missing_item);
    CHECK(context_error(concatenated({abstract_item(), abstract_item(), transfer_item()})) ==
          errc::too_many_items);
}

TEST_CASE("a context accepts one transfer syntax") {
    const auto two = concatenated({{1, 0, 0, 0}, transfer_item(), transfer_item()});
    CHECK(answer_error({application_item(), item_of(0x21, two), user_item()}) == errc::too_many_items);
}

TEST_CASE("there is a limit to the transfer syntaxes of one context") {
    Bytes sub_items = abstract_item();
    for (int i = 0; i < 256; ++i) append(sub_items, transfer_item());
    CHECK_FALSE(context_error(sub_items));
    append(sub_items, transfer_item());
    CHECK(context_error(sub_items) == errc::too_many_items);
}

TEST_CASE("UIDs that are none are refused, however long") {
    for (const std::string& text : {std::string(), std::string(65, '1'), std::string(65'500, '1'),
                                    std::string("../../etc/passwd"), std::string("1.2.\xc3\x9c")}) {
        CAPTURE(text.substr(0, 70));
        CHECK(context_error(concatenated({abstract_item(text), transfer_item()})) == errc::invalid_value);
    }
    CHECK(context_error(concatenated({abstract_item(), transfer_item("")})) == errc::invalid_value);
    CHECK(context_error(concatenated({abstract_item(), transfer_item("1.2.x")})) == errc::invalid_value);
    CHECK(request_error({item_of(0x10, Bytes(65'535, '1')), good_context_item(), user_item()}) ==
          errc::invalid_value);
    CHECK(answer_error({application_item(),
                        item_of(0x21, concatenated({{1, 0, 0, 0}, transfer_item(std::string(65, '1'))})),
                        user_item()}) == errc::invalid_value);
}

TEST_CASE("an item or sub-item past its parent is refused") {
    CHECK(request_error({application_item(), {0x20, 0, 0xff, 0xff, 1, 0, 0, 0}}) == errc::invalid_length);
    CHECK(context_error(Bytes{0x30, 0, 0, 9, '1', '.', '2'}) == errc::invalid_length);
    CHECK(context_error(Bytes{0x30, 0}) == errc::invalid_length);
    CHECK(request_error({application_item(), {0x20, 0, 0, 3, 1, 0, 0}, user_item()}) == errc::invalid_length);
    CHECK(request_error({application_item(), good_context_item(), user_item(), {0x99}}) ==
          errc::invalid_length);
    CHECK(answer_error({application_item(), {0x21, 0, 0, 3, 1, 0, 0}, user_item()}) == errc::invalid_length);
}

TEST_CASE("titles that are none are refused in a request") {
    const std::string_view good = "PACS            ";
    CHECK_FALSE(title_error(good, "../             "));
    CHECK(title_error("                ", good) == errc::invalid_value);
    CHECK(title_error(good, "                ") == errc::invalid_value);
    CHECK(title_error(std::string_view("\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0", 16), good) == errc::invalid_value);
    CHECK(title_error("A\\B             ", good) == errc::invalid_value);
    CHECK(title_error("PRAXIS-M\xc3\x9cLLER ", good) == errc::invalid_value);
    CHECK(title_error(std::string_view("A\0B             ", 16), good) == errc::invalid_value);
}

TEST_CASE("the mandatory items are there, once") {
    CHECK(request_error({good_context_item(), user_item()}) == errc::missing_item);
    CHECK(request_error({application_item(), user_item()}) == errc::missing_item);
    CHECK(request_error({application_item(), good_context_item()}) == errc::missing_item);
    CHECK(answer_error({user_item()}) == errc::missing_item);
    CHECK(answer_error({application_item()}) == errc::missing_item);
    CHECK(request_error({application_item(), application_item(), good_context_item(), user_item()}) ==
          errc::too_many_items);
    CHECK(request_error({application_item(), good_context_item(), user_item(), user_item()}) ==
          errc::too_many_items);
}

TEST_CASE("there is a limit to the items of unknown type") {
    Bytes unknown;
    for (int i = 0; i < 64; ++i) append(unknown, Bytes{0x60, 0, 0, 0});
    CHECK_FALSE(request_error({application_item(), good_context_item(), user_item(), unknown}));
    append(unknown, Bytes{0x60, 0, 0, 0});
    CHECK(request_error({application_item(), good_context_item(), user_item(), unknown}) ==
          errc::too_many_items);
}

TEST_CASE("a context item of the other PDU is an unknown item") {
    const auto request = decode(associate_of(
        0x01, {application_item(), good_context_item(), {0x21, 0, 0, 4, 1, 0, 0, 0}, user_item()}));
    REQUIRE(request.has_value());
    CHECK(std::get<AssociateRq>(*request).unknown.size() == 1);
    CHECK(answer_error({application_item(), good_context_item(2), user_item()}) == ErrorCode());
}
