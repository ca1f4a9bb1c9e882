// Deflated data sets: what comes as a stream is read the same however it is cut; what is deflated inflates to
// what it was, and is sealed and opened as it is without deflation.

#include "gateway/image/deflate.hpp"

#include "tests/fuzz/fuzz.hpp"
#include "tests/image/deflated.hpp"

namespace portcullis::fuzz {

namespace {

using namespace portcullis::image;
using namespace portcullis::image::test;

constexpr std::uint64_t longest = 16 * 1024 * 1024;  // inflated bytes

/// Size of the pieces; then the stream, or the data set.
constexpr std::size_t control_size = 1;

struct Read {
    ErrorCode error;
    std::string detail;
    Identifiers identifiers;
};

Read read(ByteView stream, std::size_t piece) {
    const auto reader = make_reader(deflated_le);
    ByteCollector out;
    for_each_piece(stream, piece, [&](ByteView bytes) { return reader->push(bytes, out).has_value(); });
    const auto finished = reader->finish();
    require(!finished || difference(out.collected, stream).empty(), "a reader changes nothing");
    return {finished ? ErrorCode{} : finished.error(), reader->failure_detail(), reader->identifiers()};
}

void check_stream(ByteView stream, std::size_t piece) {
    const auto whole = read(stream, uncut);
    const auto pieces = read(stream, piece);
    require(whole.error == pieces.error && whole.detail == pieces.detail,
            "a reader does not care how a stream is cut");
    if (const auto data_set = inflated(stream, longest))
        require(inflated(deflated(*data_set), longest).value() == *data_set, "what was deflated inflates");
}

void check_data_set(const Bytes& data_set, std::size_t piece) {
    const Bytes stream = deflated(data_set);
    static Gate gate;
    const auto identifiers = read(stream, piece).identifiers;
    gate.identity.sop_instance_uid = identifiers.sop_instance ? identifiers.sop_instance->str() : "1.2";
    const auto plain = gate.seal(explicit_le, data_set);
    const auto sealed = gate.seal(deflated_le, stream, piece);
    require(plain.error == sealed.error && plain.detail == sealed.detail, "deflated, it is judged the same");
    if (sealed.error) return;
    const auto inside = inflated(sealed.bytes, longest);
    require(inside.has_value(), "what is sealed is a stream");
    if (sealed.sealed.nothing_to_seal)
        return require(*inside == data_set, "what has no pixels passes as it is");
    const auto opened = gate.open(deflated_le, sealed.bytes, {sealed.sealed.envelope}, piece);
    const auto same = gate.open(explicit_le, *inside, {sealed.sealed.envelope});
    require(opened.error == same.error && opened.detail == same.detail, "deflated, it opens the same");
    if (!opened.error) require(inflated(opened.bytes, longest).value() == same.bytes, "to the same");
}

}  // namespace

void fuzz_one(ByteView input) {
    if (input.size() < control_size) return;
    const std::size_t piece = input.front() + 1u;
    const ByteView bytes = input.subspan(control_size);
    check_stream(bytes, piece);
    check_data_set(Bytes(bytes.begin(), bytes.end()), piece);
}

}  // namespace portcullis::fuzz
