// Command sets that no device should send, and some do.

#include <catch2/catch.hpp>

#include "gateway/dimse/command.hpp"
#include "gateway/dimse/error.hpp"

using namespace portcullis;
using namespace portcullis::dimse;

namespace {

Bytes element(std::uint16_t number, const Bytes& value, std::uint16_t group = 0) {
    Bytes out;
    append_le16(out, group);
    append_le16(out, number);
    append_le32(out, static_cast<std::uint32_t>(value.size()));
    append(out, value);
    return out;
}

const Bytes group_length = element(0x0000, {0, 0, 0, 0});
const Bytes echo_field = element(0x0100, {0x30, 0});
const Bytes echo_response_field = element(0x0100, {0x30, 0x80});
const Bytes cancel_field = element(0x0100, {0xff, 0x0f});
const Bytes message_id = element(0x0110, {1, 0});
const Bytes responded_to = element(0x0120, {1, 0});
const Bytes no_data = element(0x0800, {1, 1});
const Bytes status_success = element(0x0900, {0, 0});

Result<Command> decode(std::initializer_list<Bytes> elements) {
    Bytes bytes;
    for (const auto& one : elements) append(bytes, one);
    return Command::decode(bytes);
}

ErrorCode error(std::initializer_list<Bytes> elements) {
    const auto command = decode(elements);
    return command ? ErrorCode() : command.error();
}

}  // namespace

TEST_CASE("unsorted elements and a wrong or missing group length are tolerated, and put right") {
    const Command ordered = decode({group_length, echo_field, message_id, no_data}).value();
    CHECK(decode({no_data, message_id, echo_field, element(0, {0xff, 0xff, 0xff, 0xff})}).value() == ordered);
    CHECK(decode({message_id, no_data, echo_field}).value() == ordered);
    CHECK(decode({element(0, {}), message_id, no_data, echo_field}).value().encode() == ordered.encode());
    CHECK(load_le32(ordered.encode().data() + 8) == 30);
}

TEST_CASE("an element twice is refused, the group length included") {
    CHECK(error({echo_field, message_id, no_data, message_id}) == errc::duplicate_element);
    CHECK(error({echo_field, element(0x0100, {0x01, 0}), message_id, no_data}) == errc::duplicate_element);
    CHECK(error({group_length, echo_field, message_id, no_data, group_length}) == errc::duplicate_element);
    CHECK(error({echo_field, message_id, no_data, element(0x9999, {}), element(0x9999, {})}) ==
          errc::duplicate_element);
}

TEST_CASE("elements of other groups are refused in a request") {
    CHECK(error({echo_field, message_id, no_data, element(0x0010, {'A', 'B'}, 0x0010)}) == errc::wrong_group);
    CHECK(error({element(0x0002, {'1', ' '}, 0x0008)}) == errc::wrong_group);
}

// Orthanc puts the Failed SOP Instance UID List of a C-GET there, behind the command.
TEST_CASE("elements of other groups are dropped from a response") {
    const auto plain = decode({group_length, echo_response_field, responded_to, no_data, status_success});
    const auto with_more = decode({group_length, echo_response_field, responded_to, no_data, status_success,
                                   element(0x0000, {10, 0, 0, 0}, 0x0008),
                                   element(0x0058, {'1', '.'}, 0x0008), element(0x0100, {1, 0}, 0x0010)});
    REQUIRE(with_more.has_value());
    CHECK(*with_more == plain.value());
    const auto unsorted = decode(
        {status_success, responded_to, no_data, echo_response_field, element(0x0058, {'1', '.'}, 0x0008)});
    REQUIRE(unsorted.has_value());
    CHECK(*unsorted == plain.value());
    CHECK(error({echo_response_field,
                 responded_to,
                 no_data,
                 status_success,
                 element(0x0058, {'1', '.'}, 0x0008),
                 {8, 0, 2, 0, 1, 0, 0, 0}}) == errc::truncated);
}

TEST_CASE("a command set cut at any offset is refused") {
    Command store(CommandField::c_store_rq);
    store.set(Element::message_id, 1);
    store.set(Element::command_data_set_type, no_data_set);
    const Bytes whole = store.encode();
    for (std::size_t size = 0; size < whole.size(); ++size) {
        INFO(size);
        CHECK_FALSE(Command::decode(ByteView(whole).first(size)).has_value());
    }
}

TEST_CASE("a length past the end is refused, however large") {
    CHECK(error({echo_field, message_id, no_data, {0, 0, 2, 0, 0xff, 0xff, 0xff, 0xff}}) == errc::truncated);
    CHECK(error({echo_field, message_id, no_data, {0, 0, 2, 0, 1, 0, 0, 0}}) == errc::truncated);
    CHECK(error({echo_field, message_id, no_data, {0, 0, 2}}) == errc::truncated);
}

TEST_CASE("a command set in Explicit VR is refused") {
    CHECK(error({{0, 0, 0, 0, 'U', 'L', 4, 0, 56, 0, 0, 0},
                 {0, 0, 0, 1, 'U', 'S', 2, 0, 0x30, 0},
                 {0, 0, 0x10, 1, 'U', 'S', 2, 0, 1, 0}}) == errc::truncated);
}

TEST_CASE("the elements without which a message cannot be followed are there, with two bytes") {
    CHECK(error({}) == errc::missing_element);
    CHECK(error({message_id, no_data}) == errc::missing_element);
    CHECK(error({echo_field, no_data}) == errc::missing_element);
    CHECK(error({echo_field, responded_to, no_data}) == errc::missing_element);
    CHECK(error({echo_field, message_id}) == errc::missing_element);
    CHECK(error({element(0x0100, {0x30}), message_id, no_data}) == errc::invalid_value);
    CHECK(error({element(0x0100, {0x30, 0, 0, 0}), message_id, no_data}) == errc::invalid_value);
    CHECK(error({echo_field, element(0x0110, {}), no_data}) == errc::invalid_value);
    CHECK(error({echo_field, message_id, element(0x0800, {1})}) == errc::invalid_value);
}

TEST_CASE("a response names its request and has a status: without one a failure would pass for a success") {
    CHECK_FALSE(error({echo_response_field, responded_to, no_data, status_success}));
    CHECK(error({echo_response_field, message_id, no_data, status_success}) == errc::missing_element);
    CHECK(error({echo_response_field, responded_to, no_data}) == errc::missing_element);
    CHECK(error({echo_response_field, responded_to, no_data, element(0x0900, {0})}) == errc::invalid_value);
}

TEST_CASE("a cancel names the request that it ends, and has no message id of its own") {
    const auto cancel = decode({cancel_field, responded_to, no_data});
    REQUIRE(cancel.has_value());
    CHECK(cancel->field() == CommandField::c_cancel_rq);
    CHECK(cancel->responded_to() == MessageId{1});
    CHECK_FALSE(cancel->is_response());
    CHECK(error({cancel_field, message_id, no_data}) == errc::missing_element);
}

TEST_CASE("an unknown command is decoded, so that it can be answered") {
    const auto command = decode({element(0x0100, {0x77, 0x77}), message_id, no_data});
    REQUIRE(command.has_value());
    CHECK(command->field() == CommandField{0x7777});
    CHECK_FALSE(command->is_response());
}

TEST_CASE("any data set type but 0x0101 says that a data set follows") {
    const auto follows = [](std::uint8_t low, std::uint8_t high) {
        return decode({echo_field, message_id, element(0x0800, {low, high})}).value().has_data_set();
    };
    CHECK_FALSE(follows(0x01, 0x01));
    CHECK(follows(0x02, 0x01));
    CHECK(follows(0x00, 0x00));
    CHECK(follows(0xfe, 0xfe));
}

TEST_CASE("values of odd length are read as they are") {
    const auto command = decode({echo_field, message_id, no_data, element(0x0002, {'1', '.', '2'})});
    REQUIRE(command.has_value());
    CHECK(command->sop_class()->str() == "1.2");
}

TEST_CASE("64 KiB of empty elements are read at once") {
    Bytes bytes;
    for (const auto& one : {echo_field, message_id, no_data}) append(bytes, one);
    for (unsigned number = 0xffff; bytes.size() + 8 <= 64 * 1024; --number)
        append(bytes, element(static_cast<std::uint16_t>(number), {}));
    CHECK(Command::decode(bytes).has_value());
}
