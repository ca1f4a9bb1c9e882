// Values that a configuration has sealed besides those that always are, and values that it lets pass.

#include <algorithm>
#include <catch2/catch.hpp>

#include "tests/image/objects.hpp"

using namespace portcullis;
using namespace portcullis::image;
using namespace portcullis::image::test;

namespace {

constexpr std::uint32_t study_description = 0x00081030;
constexpr std::uint32_t overlay = 0x60003000;
const std::string csa = "SIEMENS CSA HEADER";
const std::string other = "ACME";

/// An image of 8 x 8 pixels that says more.
class Rich {
  public:
    /// Two private blocks at the top level, each with a short value, a long one and a text; in the one item
    /// of a sequence the same block number belongs to the other creator.
    explicit Rich(bool explicit_vr) : data(explicit_vr) {
        data.uid(0x00080016, "1.2.840.10008.5.1.4.1.1.2").uid(0x00080018, "1.2.3.4");
        data.element(study_description, "LO", "CHEST ");
        data.header(0x00081140, "SQ", undefined).item();
        data.element(study_description, "LO", "NESTED");
        block(other, csa, 5);
        data.end_item().end_sequence();
        data.us(0x00280002, 1).element(0x00280004, "CS", "MONOCHROME2 ").us(0x00280010, 8).us(0x00280011, 8);
        data.us(0x00280100, 16).us(0x00280101, 16).us(0x00280102, 15).us(0x00280103, 0);
        block(csa, other, 10);
        data.element(overlay, "OW", noise(64, 90)).element(0x7FE00010, "OW", noise(128, 91));
    }
    DataSet data;

  private:
    void block(const std::string& first, const std::string& second, unsigned seed) {
        data.element(0x00290010, "LO", padded(first)).element(0x00290011, "LO", padded(second));
        for (const std::uint32_t base : {0x00291000u, 0x00291100u}) {
            data.element(base + 1, "OB", noise(10, seed)).element(base + 2, "OB", noise(300, seed + 1));
            data.element(base + 3, "LO", "PRIVATE ");
            seed += 2;
        }
    }
    static std::string padded(std::string text) { return text.size() % 2 == 0 ? text : text + ' '; }
};

/// The names of the values that are sealed, in their order.
std::vector<std::string> sealed_by(const RegionRules& rules, bool explicit_vr) {
    const Rich rich(explicit_vr);
    Gate gate;
    gate.rules = rules;
    const TransferSyntax& encoding = explicit_vr ? explicit_le : implicit_le;
    // However it comes in pieces.
    const auto sealed = gate.seal(encoding, rich.data.bytes, GENERATE(uncut, 7));
    INFO(sealed.detail);
    REQUIRE_FALSE(sealed.error);
    CHECK(sealed.bytes.size() > rich.data.bytes.size());
    const auto opened = gate.open(encoding, sealed.bytes, {sealed.sealed.envelope});
    INFO(opened.detail);
    REQUIRE_FALSE(opened.error);
    CHECK((opened.bytes == rich.data.bytes));
    return gate.regions(sealed.sealed.envelope);
}

const std::vector<std::string> usual = {"(0008,1140)[1].(0029,1002)",
                                        "(0008,1140)[1].(0029,1102)",
                                        "(0029,1002)",
                                        "(0029,1102)",
                                        "(6000,3000)",
                                        "(7FE0,0010)"};

std::vector<std::string> with(std::vector<std::string> names, const std::vector<std::string>& more) {
    names.insert(names.end(), more.begin(), more.end());
    std::sort(names.begin(), names.end());
    return names;
}

std::vector<std::string> without(std::vector<std::string> names, const std::vector<std::string>& less) {
    std::erase_if(names, [&](const auto& name) { return std::count(less.begin(), less.end(), name) > 0; });
    return names;
}

}  // namespace

TEST_CASE("without rules what carries bulk is sealed") {
    CHECK(sealed_by({}, GENERATE(true, false)) == usual);
}

TEST_CASE("a value of any VR is also sealed, wherever it stands") {
    const bool explicit_vr = GENERATE(true, false);
    CHECK(sealed_by({{{study_description, 0x00291001}, {}}, {}}, explicit_vr) ==
          with(usual,
               {"(0008,1030)", "(0008,1140)[1].(0008,1030)", "(0008,1140)[1].(0029,1001)", "(0029,1001)"}));
}

TEST_CASE("a value is never sealed, wherever it stands, but for pixels") {
    const bool explicit_vr = GENERATE(true, false);
    CHECK(sealed_by({{}, {{overlay, 0x00291102, 0x7FE00010}, {}}}, explicit_vr) ==
          without(usual, {"(6000,3000)", "(0029,1102)", "(0008,1140)[1].(0029,1102)"}));
}

TEST_CASE("a creator stands for the bulk of its blocks, whatever their number in an item is") {
    CHECK(sealed_by({{{}, {csa}}, {}}, true) == with(usual, {"(0008,1140)[1].(0029,1101)", "(0029,1001)"}));
    // Without a VR anything may be bulk.
    CHECK(sealed_by({{{}, {csa}}, {}}, false) ==
          with(usual,
               {"(0008,1140)[1].(0029,1101)", "(0008,1140)[1].(0029,1103)", "(0029,1001)", "(0029,1003)"}));
    CHECK(sealed_by({{}, {{}, {csa}}}, GENERATE(true, false)) ==
          without(usual, {"(0008,1140)[1].(0029,1102)", "(0029,1002)"}));
}

TEST_CASE("a tag counts more than a creator, and never more than also") {
    CHECK(sealed_by({{{0x00291002}, {}}, {{}, {csa, other}}}, true) ==
          without(usual, {"(0008,1140)[1].(0029,1102)", "(0029,1102)"}));
    CHECK(sealed_by({{{0x00291002}, {csa}}, {{0x00291002}, {csa}}}, true) ==
          without(usual, {"(0008,1140)[1].(0029,1002)", "(0008,1140)[1].(0029,1102)", "(0029,1002)"}));
}

TEST_CASE("an object without pixels is sealed where it has what rules name, and only there") {
    DataSet report(true);
    report.uid(0x00080016, "1.2.840.10008.5.1.4.1.1.88.11").uid(0x00080018, "1.2.3.4");
    report.element(0x0040A160, "UT", "FINDING ");
    Gate gate;
    CHECK(gate.seal(explicit_le, report.bytes).sealed.nothing_to_seal);
    gate.rules.also.tags = {0x0040A160};
    const auto sealed = gate.seal(explicit_le, report.bytes);
    CHECK(sealed.sealed.regions == 1);
    CHECK(as_text(sealed.bytes).find("FINDING") == std::string_view::npos);
    CHECK((gate.open(explicit_le, sealed.bytes, {sealed.sealed.envelope}).bytes == report.bytes));
}
