#include "gateway/dimse/command.hpp"

#include "gateway/dimse/error.hpp"
#include "gateway/ul/pdv.hpp"
#include "tests/ul/support.hpp"

using namespace portcullis;
using namespace portcullis::dimse;

namespace {

/// The command sets in one direction of a recorded connection.
std::vector<Bytes> recorded_commands(const std::string& name) {
    std::vector<Bytes> commands;
    ul::Assembler assembler;
    for (const auto& bytes : ul::test::split(ul::test::read_vector(name))) {
        const auto pdu = ul::decode(bytes).value();
        if (!std::holds_alternative<ul::PData>(pdu)) continue;
        for (const auto& value : std::get<ul::PData>(pdu).values) {
            const auto step = assembler.next(value).value();
            const auto* complete = std::get_if<ul::Assembler::CommandComplete>(&step);
            if (complete == nullptr) continue;
            commands.emplace_back(complete->command_set.begin(), complete->command_set.end());
            assembler.expect_data_set(Command::decode(commands.back()).value().has_data_set());
        }
    }
    return commands;
}

Command sample_store() {
    Command command(CommandField::c_store_rq);
    command.set(Element::affected_sop_class_uid, "1.2.840.10008.5.1.4.1.1.2");
    command.set(Element::message_id, 7);
    command.set(Element::priority, 0);
    command.set(Element::command_data_set_type, 1);
    command.set(Element::affected_sop_instance_uid, "1.2.3.4");
    return command;
}

}  // namespace

TEST_CASE("what DCMTK sends is decoded and, encoded again, is the same bytes") {
    for (const char* name :
         {"dcmtk-echo.requestor", "dcmtk-echo.acceptor", "dcmtk-store.requestor", "dcmtk-store.acceptor"}) {
        INFO(name);
        const auto commands = recorded_commands(name);
        CHECK_FALSE(commands.empty());
        for (const auto& bytes : commands) CHECK(Command::decode(bytes).value().encode() == bytes);
    }
}

TEST_CASE("the elements of a recorded store are found") {
    const auto commands = recorded_commands("dcmtk-store.requestor");
    REQUIRE(commands.size() == 2);
    const auto store = Command::decode(commands[1]).value();
    CHECK(store.field() == CommandField::c_store_rq);
    CHECK_FALSE(store.is_response());
    CHECK(store.has_data_set());
    CHECK(store.message_id() == MessageId{2});
    CHECK(store.sop_class()->str() == "1.2.840.10008.5.1.4.1.1.2");
    CHECK(store.sop_instance()->str() == "1.3.6.1.4.1.5962.1.1.1.1.1.20040119072730.12322");
}

TEST_CASE("a recorded response succeeds") {
    const auto commands = recorded_commands("dcmtk-store.acceptor");
    REQUIRE(commands.size() == 2);
    const auto response = Command::decode(commands[0]).value();
    CHECK(response.field() == CommandField::c_store_rsp);
    CHECK(response.is_response());
    CHECK_FALSE(response.has_data_set());
    CHECK(response.responded_to() == MessageId{1});
    CHECK(response.status() == 0x0000);
}

TEST_CASE("a command set is Implicit VR Little Endian, sorted, with its length first") {
    Command echo(CommandField::c_echo_rq);
    echo.set(Element::command_data_set_type, no_data_set);
    echo.set(Element::message_id, 0x0102);
    echo.set(Element::affected_sop_class_uid, "1.2");
    const Bytes expected = {0, 0, 0,    0, 4, 0, 0, 0, 42,   0,   0,   0,  //
                            0, 0, 2,    0, 4, 0, 0, 0, '1',  '.', '2', 0,  //
                            0, 0, 0,    1, 2, 0, 0, 0, 0x30, 0,            //
                            0, 0, 0x10, 1, 2, 0, 0, 0, 2,    1,            //
                            0, 0, 0,    8, 2, 0, 0, 0, 1,    1};
    CHECK(echo.encode() == expected);
    CHECK(Command::decode(expected).value() == echo);
}

TEST_CASE("text is padded as its kind asks, and comes back without padding") {
    Command move(CommandField::c_move_rq);
    move.set(Element::move_destination, "GATEWAY");
    move.set(Element::affected_sop_class_uid, "1.2.3");
    const Bytes bytes = move.encode();
    const auto contains = [&](std::string_view text) {
        return as_text(bytes).find(text) != std::string_view::npos;
    };
    CHECK(contains("GATEWAY "));
    CHECK(contains(std::string_view("1.2.3\0", 6)));
    CHECK(move.text(Element::move_destination) == "GATEWAY");
    CHECK(move.ae_title(Element::move_destination)->str() == "GATEWAY");
    CHECK(move.uid(Element::affected_sop_class_uid)->str() == "1.2.3");
}

TEST_CASE("an element is set, replaced and erased; the others stay") {
    Command command = sample_store();
    command.set(Element::message_id, 9);
    CHECK(command.message_id() == MessageId{9});
    command.set(Element::move_originator_ae_title, "WS1");
    command.erase(Element::priority);
    CHECK_FALSE(command.number(Element::priority));
    command.erase(Element::priority);
    CHECK(command.text(Element::move_originator_ae_title) == "WS1");
    CHECK(command.sop_instance()->str() == "1.2.3.4");
}

TEST_CASE("an unknown element keeps its bytes when others are changed") {
    Bytes bytes = sample_store().encode();
    append(bytes, Bytes{0, 0, 0x34, 0x12, 3, 0, 0, 0, 0xde, 0xad, 0xff});
    auto command = Command::decode(bytes).value();
    command.set(Element::message_id, 99);
    const Bytes again = command.encode();
    CHECK(as_text(again).ends_with(as_text(Bytes{0, 0, 0x34, 0x12, 3, 0, 0, 0, 0xde, 0xad, 0xff})));
}

TEST_CASE("values that are none are not given out as if they were") {
    Command command = sample_store();
    command.set(Element::affected_sop_instance_uid, "../../x");
    command.set(Element::move_destination, "A\\B");
    CHECK_FALSE(command.sop_instance());
    CHECK(command.text(Element::affected_sop_instance_uid) == "../../x");
    CHECK_FALSE(command.ae_title(Element::move_destination));
    CHECK_FALSE(command.number(Element::affected_sop_class_uid));
    CHECK_FALSE(command.text(Element::error_comment));
}

TEST_CASE("a class or an instance is the affected one, else the requested one") {
    Command get(CommandField::n_get_rq);
    get.set(Element::requested_sop_class_uid, "1.2.5");
    get.set(Element::requested_sop_instance_uid, "1.2.6");
    CHECK(get.sop_class()->str() == "1.2.5");
    CHECK(get.sop_instance()->str() == "1.2.6");
    get.set(Element::affected_sop_class_uid, "1.2.7");
    CHECK(get.sop_class()->str() == "1.2.7");
}

TEST_CASE("a response answers its request") {
    const Command response = response_to(sample_store(), 0xa700);
    CHECK(response.field() == CommandField::c_store_rsp);
    CHECK(response.responded_to() == MessageId{7});
    CHECK(response.status() == 0xa700);
    CHECK_FALSE(response.has_data_set());
    CHECK(response.sop_class()->str() == "1.2.840.10008.5.1.4.1.1.2");
    CHECK(response.sop_instance()->str() == "1.2.3.4");
    CHECK_FALSE(response.number(Element::message_id));
    CHECK(Command::decode(response.encode()).value() == response);
}

TEST_CASE("a response to an N-service names as affected what was requested") {
    Command request(CommandField::n_action_rq);
    request.set(Element::message_id, 3);
    request.set(Element::requested_sop_class_uid, "1.2.840.10008.1.20.1");
    request.set(Element::requested_sop_instance_uid, "1.2.840.10008.1.20.1.1");
    const Command response = response_to(request, 0x0211);
    CHECK(response.field() == CommandField::n_action_rsp);
    CHECK(response.uid(Element::affected_sop_class_uid)->str() == "1.2.840.10008.1.20.1");
    CHECK(response.uid(Element::affected_sop_instance_uid)->str() == "1.2.840.10008.1.20.1.1");
    CHECK_FALSE(response.uid(Element::requested_sop_class_uid));
}
