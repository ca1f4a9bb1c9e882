#include "gateway/probe/findings.hpp"

#include <algorithm>
#include <catch2/catch.hpp>

#include "gateway/image/tags.hpp"

using namespace portcullis;
using namespace portcullis::probe;

namespace {

constexpr auto explicit_uid = "1.2.840.10008.1.2.1";
constexpr auto explicit_name = "Explicit VR Little Endian";
constexpr auto jpeg_ls = "1.2.840.10008.1.2.4.80";
constexpr std::uint16_t success = 0;

/// Nothing happens to anything.
Evidence faithful() {
    Observed native, compressed;
    native.transfer_syntax = explicit_uid;
    compressed.transfer_syntax = jpeg_ls;
    compressed.native = false;
    compressed.fragments = FragmentFate::same;
    Opening opening;
    opening.own_envelope = true;
    opening.observed = native;
    Evidence evidence;
    evidence.plain = {{explicit_name, explicit_uid, success, native, {}},
                      {"JPEG-LS Lossless", jpeg_ls, success, compressed, {}}};
    evidence.sealed = {{evidence.plain[0], opening}, {evidence.plain[1], opening}};
    evidence.as_kept = {native};
    return evidence;
}

const Finding& named(const std::vector<Finding>& findings, const std::string& name) {
    const auto found = std::find_if(findings.begin(), findings.end(),
                                    [&](const Finding& finding) { return finding.name == name; });
    REQUIRE(found != findings.end());
    return *found;
}

struct Judged {
    explicit Judged(const Evidence& evidence) : findings(judge(evidence)) {}
    Level level(const std::string& name) const { return named(findings, name).level; }
    std::vector<Finding> findings;
    Verdict verdict = probe::verdict(findings);
};

}  // namespace

TEST_CASE("an archive that changes nothing is safe") {
    const Judged judged(faithful());
    CHECK(judged.verdict == Verdict::safe);
    for (const auto& finding : judged.findings) {
        INFO(finding.name << ": " << finding.found);
        CHECK(finding.level == Level::good);
        CHECK(finding.means.empty());
    }
}

TEST_CASE("every finding that is not good says what it means and what to do") {
    auto evidence = faithful();
    auto& seen = *evidence.plain[0].observed;
    seen.pixels = PixelFate::high_bits_lost;
    seen.private_elements = seen.trailing_group = seen.overlay = seen.icon = seen.comments = Fate::lost;
    seen.identifiers = {image::tag::patient_id};
    seen.others = {{{}, 0x00080060}};
    evidence.plain[1].observed->fragments = FragmentFate::recut;
    evidence.plain.push_back({"RLE Lossless", "1.2.840.10008.1.2.5", std::nullopt, {}, {}});
    evidence.sealed[1].trip.stored = std::uint16_t{0xA700};
    evidence.sealed[0].opening->own_envelope = false;
    evidence.as_kept[0].native = false;
    evidence.as_kept[0].transfer_syntax = jpeg_ls;
    const Judged judged(evidence);
    CHECK(judged.verdict == Verdict::with_conditions);
    for (const auto& finding : judged.findings) {
        INFO(finding.name << ": " << finding.found);
        CHECK(finding.level != Level::good);
        CHECK_FALSE(finding.means.empty());
        CHECK_FALSE(finding.action.empty());
    }
}

TEST_CASE("sealed objects decide") {
    auto evidence = faithful();
    SECTION("one is lost") {
        evidence.sealed[0].opening.reset();
        evidence.sealed[0].trip.trouble = "status A701";
        CHECK(named(judge(evidence), "sealed objects").found.find("status A701") != std::string::npos);
    }
    SECTION("one does not open") {
        evidence.sealed[1].opening->failure = "tampered";
    }
    SECTION("one opens to other pixels") {
        evidence.sealed[1].opening->observed->pixels = PixelFate::changed;
    }
    SECTION("all are refused") {
        for (auto& sealed : evidence.sealed) sealed.trip.stored = std::uint16_t{0xC000};
    }
    const Judged judged(evidence);
    CHECK(judged.verdict == Verdict::not_safe);
    CHECK(judged.level("sealed objects") == Level::bad);
}

TEST_CASE("a sealed object that is refused loses nothing") {
    auto evidence = faithful();
    evidence.sealed[1].trip.stored = std::uint16_t{0xA700};
    evidence.sealed[1].opening.reset();
    CHECK(Judged(evidence).level("sealed objects") == Level::condition);
}

TEST_CASE("lossy compression is not safe, lossless compression is a condition") {
    auto evidence = faithful();
    SECTION("the values differ") {
        evidence.plain[0].observed->pixels = PixelFate::changed;
        CHECK(Judged(evidence).level("compression") == Level::bad);
    }
    SECTION("the object says so") {
        evidence.as_kept[0].lossy = true;
        CHECK(Judged(evidence).level("compression") == Level::bad);
    }
    SECTION("the transfer syntax is always lossy") {
        evidence.as_kept[0].native = false;
        evidence.as_kept[0].transfer_syntax = "1.2.840.10008.1.2.4.50";
        CHECK(Judged(evidence).level("compression") == Level::bad);
    }
    SECTION("without loss") {
        evidence.as_kept[0].native = false;
        evidence.as_kept[0].transfer_syntax = jpeg_ls;
        CHECK(Judged(evidence).level("compression") == Level::condition);
    }
}

TEST_CASE("that an archive does not compress is said only where something came back as it is kept") {
    auto evidence = faithful();
    evidence.as_kept.clear();
    const Judged judged(evidence);
    CHECK(judged.level("compression") == Level::note);
    CHECK(named(judged.findings, "compression").found.find("could not be seen") == 0);
    evidence.plain[0].observed->pixels = PixelFate::changed;  // that needs no more evidence
    CHECK(Judged(evidence).level("compression") == Level::bad);
}

TEST_CASE("another SOP Instance UID is not safe, another patient is a condition") {
    auto evidence = faithful();
    evidence.plain[0].observed->identifiers = {image::tag::patient_id};
    CHECK(Judged(evidence).verdict == Verdict::with_conditions);
    evidence.plain[0].observed->identifiers = {image::tag::sop_instance_uid, image::tag::patient_id};
    CHECK(Judged(evidence).verdict == Verdict::not_safe);
}

TEST_CASE("an archive that takes nothing is not safe, and nothing else is said of it") {
    Evidence evidence;
    evidence.plain = {{explicit_name, explicit_uid, std::nullopt, {}, {}}};
    evidence.sealed = {{evidence.plain[0], {}}};
    const Judged judged(evidence);
    CHECK(judged.verdict == Verdict::not_safe);
    CHECK(judged.findings.size() == 2);
}
