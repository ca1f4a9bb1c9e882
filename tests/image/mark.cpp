// The mark in Image Comments, with and without comments of the object's own.

#include <catch2/catch.hpp>

#include "gateway/base/nowhere.hpp"
#include "gateway/image/mark.hpp"
#include "tests/image/check_opens.hpp"
#include "tests/image/objects.hpp"
#include "tests/image/through_dcmtk.hpp"

using namespace portcullis;
using namespace portcullis::image;
using namespace portcullis::image::test;

namespace {

const TransferSyntax natives[] = {implicit_le, explicit_le, explicit_be};
constexpr std::uint32_t image_comments = 0x00204000;
constexpr std::string_view mark = "Pixels sealed by Portcullis gateway gate-1";

/// `comments` is a whole element or nothing.
Bytes image_with(const Bytes& comments, Encoding encoding) {
    DataSet data(encoding);
    data.uid(0x00080018, "1.2.3.4").uid(0x0020000D, "1.2.8");
    append(data.bytes, comments);
    data.us(0x00280010, 4).us(0x00280011, 4).us(0x00280100, 16).us(0x00280101, 16).us(0x00280102, 15);
    data.element(0x7FE00010, "OW", noise(32, 9));
    return data.bytes;
}

Bytes comments(std::string_view vr, const std::string& text, Encoding encoding) {
    return DataSet(encoding).element(image_comments, vr, text).bytes;
}

void check_round_trip(const TransferSyntax& syntax, const Bytes& object, bool marked) {
    Gate gate;
    gate.mark = true;
    const auto sealed = gate.seal(syntax, object);
    INFO(sealed.detail);
    REQUIRE_FALSE(sealed.error);
    CHECK(contains(sealed.bytes, as_bytes(mark)) == marked);
    check_opens(gate, syntax, sealed, object);
}

OpenedObject opened_after(const Bytes& object, const std::function<void(DcmDataset&)>& edit) {
    Gate gate;
    gate.mark = true;
    const auto sealed = gate.seal(explicit_le, object);
    const Bytes returned = through_dcmtk(sealed.bytes, explicit_le, explicit_le, edit, EGL_withoutGL);
    return gate.open(explicit_le, returned, {sealed.sealed.envelope}, 7);
}

}  // namespace

TEST_CASE("the mark comes and goes") {
    for (const TransferSyntax& syntax : natives) {
        INFO(syntax.uid.str());
        const Encoding encoding = syntax.encoding;
        check_round_trip(syntax, image_with({}, encoding), true);
        check_round_trip(syntax, image_with(comments("LT", "", encoding), encoding), true);
        check_round_trip(syntax, image_with(comments("LT", "seen by nobody", encoding), encoding), true);
        check_round_trip(syntax, image_with(comments("LT", "odd", encoding), encoding), true);
    }
}

TEST_CASE("the mark stands at its place where the first region comes before it") {
    DataSet data(true);
    data.uid(0x00080018, "1.2.3.4").element(0x00090010, "LO", "ACME").element(0x00091001, "OB", noise(300));
    SECTION("and nothing after") {
        check_round_trip(explicit_le, data.bytes, true);
    }
    SECTION("and its group after") {
        data.element(0x00200000, "UL", Bytes{10, 0, 0, 0}).uid(0x0020000D, "1.2");
        check_round_trip(explicit_le, data.bytes, true);
    }
    SECTION("and a document after") {
        data.element(image_comments, "LT", "mine").element(0x00420011, "OB", "%PDF");
        check_round_trip(explicit_le, data.bytes, true);
    }
}

TEST_CASE("comments of another VR come back with it") {
    for (const char* vr : {"UN", "ST", "UT", "LO"})
        check_round_trip(explicit_le, image_with(comments(vr, "mine", {true}), {true}), true);
}

TEST_CASE("comments that are no text leave no place for the mark") {
    check_round_trip(explicit_be, image_with(comments("OW", "mine", {true, true}), {true, true}), false);
    const Bytes sequence = sequence_of({true}, image_comments, {}, true);
    check_round_trip(explicit_le, image_with(sequence, {true}), false);
}

TEST_CASE("comments that are too long leave no place for the mark") {
    const std::string longest(65536, 'x');
    check_round_trip(implicit_le, image_with(comments("LT", longest, {false}), {false}), true);
    check_round_trip(implicit_le, image_with(comments("LT", longest + "x ", {false}), {false}), false);
}

TEST_CASE("without the mark comments stay") {
    Gate gate;
    const Bytes object = image_with(comments("LT", "mine", {true}), {true});
    const auto sealed = gate.seal(explicit_le, object);
    CHECK(contains(sealed.bytes, as_bytes("mine")));
    CHECK_FALSE(contains(sealed.bytes, as_bytes(mark)));
}

TEST_CASE("comments that were written while the object was sealed stay, and are reported") {
    const Bytes own = GENERATE(Bytes(), comments("LT", "mine", {true}));
    const auto opened = opened_after(image_with(own, {true}), [](DcmDataset& object) {
        object.putAndInsertString(DCM_ImageComments, "theirs");
    });
    INFO(opened.detail);
    REQUIRE_FALSE(opened.error);
    CHECK(opened.opened.edited == std::vector<codec::Path>{{{}, image_comments}});
    CHECK(difference(opened.bytes, image_with(comments("LT", "theirs", {true}), {true})) == "");
}

TEST_CASE("a mark that an archive pads is still the mark") {
    const Bytes own = GENERATE(Bytes(), comments("LT", "mine", {true}));
    const std::string padding = GENERATE(as<std::string>{}, " ", "          ");
    const auto opened = opened_after(image_with(own, {true}), [&](DcmDataset& object) {
        OFString text;
        object.findAndGetOFStringArray(DCM_ImageComments, text);
        object.putAndInsertString(DCM_ImageComments, (text + padding.c_str()).c_str());
    });
    INFO(opened.detail);
    REQUIRE_FALSE(opened.error);
    CHECK(opened.opened.edited.empty());
    CHECK(difference(opened.bytes, image_with(own, {true})) == "");
}

TEST_CASE("a mark that an archive took away leaves nothing; comments under it are reported") {
    const Bytes own = GENERATE(Bytes(), comments("LT", "mine", {true}));
    const auto opened = opened_after(image_with(own, {true}),
                                     [](DcmDataset& object) { delete object.remove(DCM_ImageComments); });
    INFO(opened.detail);
    REQUIRE_FALSE(opened.error);
    CHECK(opened.opened.edited.size() == (own.empty() ? 0 : 1));
    CHECK(difference(opened.bytes, image_with({}, {true})) == "");
}

TEST_CASE("the length of the mark's group comes back as it was, whatever it is") {
    for (const char* vr : {"UL", "UN", "OB", "ST"}) {
        INFO(vr);
        DataSet length(true);
        length.element(0x00200000, vr, GENERATE("", "1234", "12345678"));
        DataSet data(true);
        append(data.bytes, length.bytes);
        data.uid(0x0020000D, "1.2.8").us(0x00280010, 4).element(0x7FE00010, "OW", noise(32, 9));
        data.element(0x7FE10000, vr, "1234");
        check_round_trip(explicit_le, data.bytes, true);
    }
}

TEST_CASE("a reader tells whether an object is marked as soon as the place of the mark has passed") {
    const TransferSyntax& transfer_syntax = natives[GENERATE(0, 1, 2)];
    const auto encoding = transfer_syntax.encoding;
    const std::string text = std::string(mark) + ": retrieve it ";
    struct {
        Bytes element;
        bool marked;
    } const cases[] = {{comments("LT", text, encoding), true},
                       {comments("LT", "note; " + text, encoding), true},
                       {comments("LT", "Pixels sealed ", encoding), false},
                       {{}, false}};
    for (const auto& [element, marked] : cases) {
        const Bytes object = image_with(element, encoding);
        const auto reader = make_reader(transfer_syntax);
        Nowhere nowhere;
        std::size_t taken = 0;
        while (!reader->marked() && taken < object.size())
            REQUIRE(reader->push(ByteView(object).subspan(taken++, 1), nowhere).has_value());
        CHECK(reader->marked() == marked);
        CHECK(taken < object.size() - 32);
    }
}

TEST_CASE("of an object that ends before the place of the mark a reader says that it is not marked") {
    const auto reader = make_reader(explicit_le);
    Nowhere nowhere;
    REQUIRE(reader->push(DataSet(true).uid(0x00080018, "1.2.3.4").bytes, nowhere).has_value());
    CHECK(reader->marked() == std::nullopt);
    REQUIRE(reader->finish().has_value());
    CHECK(reader->marked() == false);
}

TEST_CASE("the envelope that a mark names is read only where it is whole") {
    codec::EnvelopeId id{};
    for (std::size_t i = 0; i < id.size(); ++i) id[i] = static_cast<std::uint8_t>(i * 17);
    const std::string digits = "00112233445566778899aabbccddeeff";
    CHECK(envelope_in_mark(mark_text(id, "gate-1")) == digits);
    CHECK(envelope_in_mark("note\r\n" + mark_text(id, "gate-12")) == digits);
    const std::string one = mark_text(id, "gate-1");
    CHECK(envelope_in_mark(one.substr(0, one.find(digits) + 31)).empty());
    CHECK(envelope_in_mark(one.substr(1)).empty());
    CHECK(envelope_in_mark("").empty());
    auto capitals = one;
    capitals.replace(one.find(digits), digits.size(), "00112233445566778899AABBCCDDEEFF");
    CHECK(envelope_in_mark(capitals).empty());
}
