// A protocol test reads as what one side sends.

#include "gateway/ul/pdv.hpp"
#include "tests/ul/support.hpp"

using namespace portcullis;
using namespace portcullis::ul;
using namespace portcullis::ul::test;

namespace {

using Fragment = Assembler::CommandFragment;
using Complete = Assembler::CommandComplete;
using Data = Assembler::DataFragment;

Pdv command(unsigned context, std::string_view bytes, bool last) {
    return {context_id(context), true, last, as_bytes(bytes)};
}
Pdv data(unsigned context, std::string_view bytes, bool last) {
    return {context_id(context), false, last, as_bytes(bytes)};
}

template <class Kind>
Kind step(Assembler& assembler, const Pdv& pdv) {
    const auto result = assembler.next(pdv);
    REQUIRE(result.has_value());
    REQUIRE(std::holds_alternative<Kind>(*result));
    return std::get<Kind>(*result);
}

ErrorCode error(Assembler& assembler, const Pdv& pdv) {
    const auto result = assembler.next(pdv);
    return result ? ErrorCode() : result.error();
}

/// An assembler that has seen a command on context 1 and expects its data set, or not.
Assembler after_command(bool data_set) {
    Assembler assembler;
    step<Complete>(assembler, command(1, "C-STORE", true));
    assembler.expect_data_set(data_set);
    return assembler;
}

}  // namespace

TEST_CASE("a command in fragments is put together; a data set is handed on as it comes") {
    Assembler assembler;
    CHECK(assembler.idle());
    step<Fragment>(assembler, command(7, "C-ST", false));
    CHECK_FALSE(assembler.idle());
    step<Fragment>(assembler, command(7, "", false));
    const auto complete = step<Complete>(assembler, command(7, "ORE", true));
    CHECK(as_text(complete.command_set) == "C-STORE");
    CHECK(complete.context == context_id(7));
    assembler.expect_data_set(true);
    CHECK(as_text(complete.command_set) == "C-STORE");
    CHECK_FALSE(assembler.idle());
    CHECK(as_text(step<Data>(assembler, data(7, "pixels", false)).data) == "pixels");
    CHECK_FALSE(assembler.idle());
    const auto last = step<Data>(assembler, data(7, "", true));
    CHECK(last.last);
    CHECK(last.data.empty());
    CHECK(assembler.idle());
}

TEST_CASE("messages follow each other, on the same context or another") {
    Assembler assembler = after_command(false);
    CHECK(assembler.idle());
    CHECK(as_text(step<Complete>(assembler, command(1, "C-ECHO", true)).command_set) == "C-ECHO");
    assembler.expect_data_set(true);
    step<Data>(assembler, data(1, "identifier", true));
    CHECK(step<Complete>(assembler, command(9, "C-FIND", true)).context == context_id(9));
}

TEST_CASE("a data set that no command announced is refused") {
    Assembler fresh;
    CHECK(error(fresh, data(1, "pixels", true)) == errc::unexpected_pdv);
    Assembler without = after_command(false);  // 0x0101, and data after it
    CHECK(error(without, data(1, "pixels", true)) == errc::unexpected_pdv);
}

TEST_CASE("a command where a data set is due is refused") {
    Assembler due = after_command(true);
    CHECK(error(due, command(1, "C-ECHO", true)) == errc::unexpected_pdv);
    Assembler inside = after_command(true);
    step<Data>(inside, data(1, "pix", false));
    CHECK(error(inside, command(1, "C-ECHO", true)) == errc::unexpected_pdv);
}

TEST_CASE("a data fragment inside a command is refused") {
    Assembler assembler;
    step<Fragment>(assembler, command(1, "C-ST", false));
    CHECK(error(assembler, data(1, "pixels", false)) == errc::unexpected_pdv);
}

TEST_CASE("fragments of two contexts must not interleave") {
    Assembler in_command;
    step<Fragment>(in_command, command(1, "C-ST", false));
    CHECK(error(in_command, command(3, "C-ECHO", true)) == errc::unexpected_pdv);
    Assembler in_data = after_command(true);
    step<Data>(in_data, data(1, "pix", false));
    CHECK(error(in_data, data(3, "els", true)) == errc::unexpected_pdv);
    Assembler at_start = after_command(true);
    CHECK(error(at_start, data(3, "pixels", true)) == errc::unexpected_pdv);
}

TEST_CASE("nothing is taken between a command and the word whether a data set follows") {
    Assembler assembler;
    step<Complete>(assembler, command(1, "C-ECHO", true));
    CHECK_FALSE(assembler.idle());
    CHECK(error(assembler, command(1, "C-ECHO", true)) == errc::unexpected_pdv);
}

TEST_CASE("a command set over 64 KiB is refused, whatever the size of its fragments") {
    const std::string half(32 * 1024, 'x');
    Assembler assembler;
    step<Fragment>(assembler, command(1, half, false));
    step<Fragment>(assembler, command(1, half, false));
    step<Fragment>(assembler, command(1, "", false));
    CHECK(error(assembler, command(1, "x", true)) == errc::command_too_long);
    Assembler whole;
    CHECK(error(whole, command(1, std::string(64 * 1024 + 1, 'x'), true)) == errc::command_too_long);
    Assembler fits;
    CHECK(step<Complete>(fits, command(1, half + half, true)).command_set.size() == 64 * 1024);
}

TEST_CASE("a million empty fragments keep nothing") {
    Assembler assembler = after_command(true);
    for (int i = 0; i < 1'000'000; ++i)
        if (!assembler.next(data(1, "", false))) FAIL("refused");
    Assembler in_command;
    for (int i = 0; i < 1'000'000; ++i)
        if (!in_command.next(command(1, "", false))) FAIL("refused");
    CHECK(step<Complete>(in_command, command(1, "", true)).command_set.empty());
}

TEST_CASE("what a fragmenter cuts, an assembler puts together") {
    const std::string command_set(301, 'c');
    const std::string data_set(99'999, 'd');
    for (const std::uint32_t length : {8u, 9u, 100u, 16384u, 131078u, 0u}) {
        Bytes stream;
        for (const bool is_command : {true, false}) {
            Fragmenter fragmenter(context_id(1), is_command, length, 131'072, stream);
            fragmenter.write(as_bytes(is_command ? command_set : data_set));
            fragmenter.finish();
        }
        Assembler assembler;
        std::string got_command, got_data;
        for (const auto& bytes : split(stream)) {
            const auto pdu = decode(bytes).value();
            const auto result = assembler.next(std::get<PData>(pdu).values.at(0)).value();
            if (const auto* complete = std::get_if<Complete>(&result)) {
                got_command = as_text(complete->command_set);
                assembler.expect_data_set(true);
            }
            if (const auto* fragment = std::get_if<Data>(&result)) got_data += as_text(fragment->data);
        }
        CHECK(got_command == command_set);
        CHECK(got_data == data_set);
        CHECK(assembler.idle());
    }
}

TEST_CASE("what storescu sends is two stores and nothing is left over") {
    Assembler assembler;
    std::size_t commands = 0, data_bytes = 0, data_sets = 0;
    for (const auto& bytes : split(read_vector("dcmtk-store.requestor"))) {
        const auto pdu = decode(bytes).value();
        if (!std::holds_alternative<PData>(pdu)) continue;
        for (const auto& value : std::get<PData>(pdu).values) {
            const auto result = assembler.next(value).value();
            if (std::holds_alternative<Complete>(result)) {
                ++commands;
                assembler.expect_data_set(true);
            }
            if (const auto* fragment = std::get_if<Data>(&result)) {
                data_bytes += fragment->data.size();
                data_sets += fragment->last ? 1 : 0;
            }
        }
    }
    CHECK(commands == 2);
    CHECK(data_sets == 2);
    CHECK(data_bytes > 40'000);
    CHECK(assembler.idle());
}
