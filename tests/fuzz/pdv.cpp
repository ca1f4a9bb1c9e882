// The input is a script of fragments. They are followed by an assembler, whose word is checked against what
// was fed to it; and their data, cut again by a fragmenter, comes out as it went in.

#include "gateway/ul/pdv.hpp"

#include <algorithm>

#include "gateway/ul/decode.hpp"
#include "tests/fuzz/fuzz.hpp"

namespace portcullis::fuzz {

namespace {

using namespace portcullis::ul;

/// Two bytes say what a fragment is and how long; its data follows.
struct Script {
    ByteView rest;

    bool more() const { return rest.size() >= 2; }
    /// Flags: 1 command, 2 last, 4 the other context, 8 a data set follows, 16 forty thousand bytes instead.
    std::uint8_t flags() const { return rest[0]; }
    ByteView take() {
        const std::size_t size = std::min<std::size_t>(rest[1], rest.size() - 2);
        const ByteView data = rest.subspan(2, size);
        rest = rest.subspan(2 + size);
        return data;
    }
};

Pdv fragment_of(std::uint8_t flags, ByteView data) {
    const auto context = ContextId::parse((flags & 4) != 0 ? 3 : 1);
    return {*context, (flags & 1) != 0, (flags & 2) != 0, data};
}

void check_assembler(Script script) {
    Assembler assembler;
    Bytes command;
    const Bytes filler(40'000, 'x');
    while (script.more()) {
        const std::uint8_t flags = script.flags();
        const ByteView data = script.take();
        const Pdv pdv = fragment_of(flags, (flags & 16) != 0 ? ByteView(filler) : data);
        const bool at_start = assembler.idle();
        const auto step = assembler.next(pdv);
        if (!step) return;
        if (at_start) {
            require(pdv.command, "a message begins with a command");
            command.clear();
        }
        if (const auto* fragment = std::get_if<Assembler::DataFragment>(&*step)) {
            require(!pdv.command && fragment->data.data() == pdv.data.data(), "data is handed on uncopied");
            require(assembler.idle() == pdv.last, "a message ends with its last fragment");
            continue;
        }
        append(command, pdv.data);
        require(pdv.command && command.size() <= longest_command_set, "a command set is bounded");
        if (const auto* complete = std::get_if<Assembler::CommandComplete>(&*step)) {
            require(as_text(complete->command_set) == as_text(command), "a command set is all its fragments");
            assembler.expect_data_set((flags & 8) != 0);
        }
    }
}

/// The data of all fragments in `stream`.
Bytes joined(ByteView stream, std::uint32_t most) {
    Bytes data;
    while (!stream.empty()) {
        const std::size_t size = pdu_header_size + load_be32(stream.data() + 2);
        const auto pdu = decode(stream.first(size));
        require(pdu.has_value(), "what a fragmenter writes is decoded");
        const auto& value = std::get<PData>(*pdu).values.at(0);
        stream = stream.subspan(size);
        require(size - pdu_header_size <= most, "a fragment fits the peer");
        require(value.last == stream.empty(), "the last fragment says so, and no other");
        require(value.last || (value.data.size() % 2 == 0 && !value.data.empty()), "fragments are even");
        require(!value.data.empty() || data.empty(), "no fragment is empty but the only one");
        append(data, value.data);
    }
    return data;
}

void check_fragmenter(Script script, std::uint32_t maximum_length, std::uint32_t cap) {
    Bytes out, written;
    Fragmenter fragmenter(*ContextId::parse(1), false, maximum_length, cap, out);
    while (script.more()) {
        const ByteView data = script.take();
        append(written, data);
        fragmenter.write(data);
    }
    fragmenter.finish();
    require(fragmenter.bytes_written() == written.size(), "the count is right");
    require(joined(out, cap) == written, "what is cut comes out as it went in");
}

}  // namespace

void fuzz_one(ByteView input) {
    if (input.size() < 2) return;
    const Script script{input.subspan(2)};
    check_assembler(script);
    const std::uint32_t length = smallest_usable_maximum_length + input[0];
    const std::uint32_t cap = smallest_usable_maximum_length + input[1];
    check_fragmenter(script, length, cap);
    check_fragmenter(script, 0, cap);
}

}  // namespace portcullis::fuzz
