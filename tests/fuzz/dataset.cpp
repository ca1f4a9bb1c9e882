// Data sets: whatever the bytes are, they are read, sealed and opened the same however they are cut (of
// several faults any may be told), what was sealed opens to what it was, and one changed byte changes no
// pixel.

#include <algorithm>

#include "gateway/image/element.hpp"
#include "gateway/image/error.hpp"
#include "gateway/image/query.hpp"
#include "tests/fuzz/fuzz.hpp"
#include "tests/image/gate.hpp"
#include "tests/image/pixels.hpp"

namespace portcullis::fuzz {

namespace {

using namespace portcullis::image;
using namespace portcullis::image::test;

/// Syntax and whether there is a mark, size of the pieces, where to change a byte (16 bits) and by what; then
/// the data set.
constexpr std::size_t control_size = 5;

const TransferSyntax& syntax_of(std::uint8_t control) {
    static const TransferSyntax syntaxes[] = {implicit_le, explicit_le, jpeg, explicit_be};
    return syntaxes[control % 4];
}

/// Whether every sealed value is in the data set that was opened. The byte that makes an odd number of pixels
/// even is not sealed.
bool holds_values(const TransferSyntax& syntax, ByteView original, const Bytes& opened) {
    for (const Range range : pixel_ranges(syntax.encoding, original)) {
        const auto value = original.subspan(range.offset, range.length);
        if (!value.empty() && !contains(opened, value.first(value.size() - 1))) return false;
    }
    return true;
}

/// Reads the identifiers, whole and in pieces.
ErrorCode check_reader(const TransferSyntax& syntax, ByteView data_set, std::size_t piece,
                       Identifiers& found) {
    ErrorCode errors[2];
    for (const bool whole : {true, false}) {
        const auto reader = make_reader(syntax);
        ByteCollector out;
        for_each_piece(data_set, whole ? uncut : piece,
                       [&](ByteView bytes) { return reader->push(bytes, out).has_value(); });
        const auto finished = reader->finish();
        errors[whole] = finished ? ErrorCode{} : finished.error();
        require(!finished || difference(out.collected, data_set).empty(), "a reader changes nothing");
        found = reader->identifiers();
    }
    require(errors[0] == errors[1], "a reader does not care how bytes are cut");
    return errors[0];
}

OpenedObject check_opener(Gate& gate, const TransferSyntax& syntax, const Bytes& data_set,
                          const Bytes& envelope, std::size_t piece) {
    auto whole = gate.open(syntax, data_set, {envelope});
    const auto pieces = gate.open(syntax, data_set, {envelope}, piece);
    require(!whole.error == !pieces.error && (whole.error || whole.released == pieces.released),
            "an opener does not care how bytes are cut");
    const auto common = std::min(whole.bytes.size(), pieces.bytes.size());
    require(std::equal(whole.bytes.begin(), whole.bytes.begin() + common, pieces.bytes.begin()),
            "an opener writes the same however bytes are cut");
    require(whole.error || whole.bytes.size() == pieces.bytes.size(),
            "all of it, unless it refuses the rest");
    return whole;
}

/// But for the two reserved bytes of an explicit header, which are zero in one that is put back.
bool is_restored(const Bytes& opened, const Bytes& object) {
    if (opened.size() != object.size()) return false;
    const auto stands_behind_vr = [&](std::size_t at, std::size_t distance) {
        if (at < distance) return false;
        const auto* vr = reinterpret_cast<const char*>(&opened[at - distance]);
        const auto capital = [](char c) { return c >= 'A' && c <= 'Z'; };
        return capital(vr[0]) && capital(vr[1]) && !has_short_length({vr, 2});
    };
    for (std::size_t i = 0; i < object.size(); ++i) {
        if (opened[i] == object[i]) continue;
        if (opened[i] != 0 || (!stands_behind_vr(i, 2) && !stands_behind_vr(i, 3))) return false;
    }
    return true;
}

/// Opens the sealed object as it is, then with one byte changed.
void check_round_trip(Gate& gate, const TransferSyntax& syntax, ByteView control, const Bytes& object,
                      const SealedObject& sealed, bool has_name) {
    const std::size_t piece = control[1] + 1u;
    const auto opened = check_opener(gate, syntax, sealed.bytes, sealed.sealed.envelope, piece);
    // A name that is no UID cannot be the one of a command.
    require(!opened.error || (opened.error == errc::wrong_instance && !has_name), "what was sealed opens");
    if (opened.error) return;
    constexpr std::uint8_t group_length[] = {0xE1, 0x7F, 0, 0};
    require(contains(object, group_length) || is_restored(opened.bytes, object),
            "what was sealed opens to what it was");

    Bytes changed = sealed.bytes;
    changed[load_le16(&control[2]) % changed.size()] ^= control[4];
    const auto other = check_opener(gate, syntax, changed, sealed.sealed.envelope, piece);
    // An archive may drop a value; then this is said.
    if (other.error || !other.opened.missing.empty()) return;
    require(holds_values(syntax, object, other.bytes), "pixels are authentic");
}

void check_query(const TransferSyntax& syntax, ByteView identifier) {
    (void)read_scope(identifier, syntax);
    const auto failed = read_failed_list(identifier, syntax);
    if (!failed) return;
    const auto again = read_failed_list(write_failed_list(*failed, syntax), syntax);
    require(again && *again == *failed, "a list of what failed is read as it was written");
}

}  // namespace

void fuzz_one(ByteView input) {
    if (input.size() < control_size) return;
    const ByteView control = input.first(control_size);
    const Bytes object(input.begin() + control_size, input.end());
    const TransferSyntax& syntax = syntax_of(control[0]);
    const std::size_t piece = control[1] + 1u;

    Identifiers identifiers;
    const ErrorCode error = check_reader(syntax, object, piece, identifiers);
    check_query(syntax, object);
    static Gate gate;
    gate.mark = (control[0] & 0x80) != 0;
    gate.identity.sop_instance_uid = identifiers.sop_instance ? identifiers.sop_instance->str() : "1.2";
    const auto sealed = gate.seal(syntax, object);
    const auto pieces = gate.seal(syntax, object, piece);
    require(!sealed.error == !pieces.error, "a sealer does not care how bytes are cut");
    require(sealed.error ||
                (sealed.bytes.size() == pieces.bytes.size() && sealed.sealed.units == pieces.sealed.units),
            "a sealer writes as much however bytes are cut");
    require(!error || sealed.error, "what cannot be read is not sealed");
    if (sealed.error) return;
    if (sealed.sealed.nothing_to_seal)
        require(sealed.bytes == object, "what has no pixels passes as it is");
    else
        check_round_trip(gate, syntax, control, object, sealed, identifiers.sop_instance.has_value());
}

}  // namespace portcullis::fuzz
