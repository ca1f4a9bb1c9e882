#include <catch2/catch.hpp>
#include <random>

#include "fixture.hpp"
#include "gateway/audit/merkle.hpp"

using namespace portcullis;
using namespace portcullis::audit;
using Catch::Contains;
using Catch::StartsWith;

namespace {

constexpr std::size_t records = 7;

// A log of seven records, and ways to tamper with it.
struct Fixture {
    Fixture() {
        AuditLog log(folder);
        log.apply(prepare(log, some_records(records)));
        log.sync();
        text = content(folder.log());
        lines = lines_of(text);
    }
    std::optional<Fault> fault_of(const std::string& changed) const {
        write(folder.log(), changed);
        return verify(folder).fault;
    }
    std::optional<Fault> fault_of(const std::vector<std::string>& changed) const {
        std::string all;
        for (const auto& line : changed) all += line;
        return fault_of(all);
    }

    TemporaryFolder folder;
    std::string text;
    std::vector<std::string> lines;
};

}  // namespace

TEST_CASE("A log that nobody touched verifies, and its root is the tree hash of its lines") {
    const Fixture fixture;
    const auto verified = verify(fixture.folder);
    REQUIRE_FALSE(verified.fault);
    REQUIRE(verified.records == records);
    MerkleTree tree;
    for (const auto& line : fixture.lines) tree.add(leaf_hash(line.substr(0, line.rfind(",\"hash\"")) + "}"));
    REQUIRE(verified.root_hash == hex(tree.root()));
}

TEST_CASE("An empty log verifies; a missing one is an error") {
    const TemporaryFolder folder;
    REQUIRE_THAT(error_of([&] { verify(folder); }), Contains("audit.log: cannot be opened"));
    const AuditLog log(folder);
    REQUIRE_FALSE(verify(folder).fault);
    REQUIRE(verify(folder).records == 0);
}

TEST_CASE("One byte changed anywhere names its record") {
    const Fixture fixture;
    std::size_t at = 0;
    for (std::size_t record = 1; record <= records; ++record) {
        for (std::size_t i = 0; i < fixture.lines[record - 1].size(); ++i, ++at) {
            for (const int flip : {0x01, 0x20, 0x80}) {
                std::string changed = fixture.text;
                changed[at] = static_cast<char>(changed[at] ^ flip);
                const auto fault = fixture.fault_of(changed);
                CAPTURE(record, i, flip);
                REQUIRE(fault);
                REQUIRE(fault->record == record);
            }
        }
    }
}

TEST_CASE("A record that was removed, other than the last, is named") {
    const Fixture fixture;
    for (std::size_t record = 1; record < records; ++record) {
        auto lines = fixture.lines;
        lines.erase(lines.begin() + static_cast<std::ptrdiff_t>(record - 1));
        const auto fault = fixture.fault_of(lines);
        REQUIRE(fault);
        REQUIRE(fault->record == record);
        const auto next = std::to_string(record + 1);
        REQUIRE_THAT(fault->what, record == 1
                                      ? StartsWith("is not here: the log begins with record " + next)
                                      : StartsWith("is missing: record " + next + " stands in its place"));
    }
}

TEST_CASE("Two records that were swapped: the first of them is named") {
    const Fixture fixture;
    for (std::size_t a = 0; a < records; ++a)
        for (std::size_t b = a + 1; b < records; ++b) {
            auto lines = fixture.lines;
            std::swap(lines[a], lines[b]);
            const auto fault = fixture.fault_of(lines);
            REQUIRE(fault);
            REQUIRE(fault->record == a + 1);
        }
}

TEST_CASE("A record that was inserted is named") {
    const Fixture fixture;
    const TemporaryFolder other;
    AuditLog foreign(other);
    const auto theirs = prepare(foreign, some_records(records + 1, "9.9."));
    for (std::size_t at = 0; at <= records; ++at) {
        for (const auto& inserted : {fixture.lines[0], fixture.lines[records - 1], theirs[at].second + "\n",
                                     std::string("\n"), std::string("{}\n")}) {
            // A copy before its original: the original is then the one too many.
            const bool copy = at < records && inserted == fixture.lines[at];
            auto lines = fixture.lines;
            lines.insert(lines.begin() + static_cast<std::ptrdiff_t>(at), inserted);
            const auto fault = fixture.fault_of(lines);
            CAPTURE(at, inserted);
            REQUIRE(fault);
            // A foreign record 1 is a sound beginning: what does not fit is the one after it.
            const bool beginning = at == 0 && inserted == theirs[0].second + "\n";
            REQUIRE(fault->record == (copy || beginning ? at + 2 : at + 1));
        }
    }
}

TEST_CASE("A record that was replaced with hashes that fit: the chain breaks at the next one") {
    const Fixture fixture;
    const TemporaryFolder other;
    AuditLog foreign(other);
    auto lines = fixture.lines;
    lines[0] = prepare(foreign, {{"store", {{"sop_instance", "9.9"}}}}).at(0).second + "\n";
    const auto fault = fixture.fault_of(lines);
    REQUIRE(fault);
    REQUIRE(fault->record == 2);
    REQUIRE_THAT(fault->what, Contains("does not carry the hash of the record before it"));
}

TEST_CASE("A log that was cut inside a record names it") {
    const Fixture fixture;
    std::size_t begin = 0;
    for (std::size_t record = 1; record <= records; ++record) {
        const auto size = fixture.lines[record - 1].size();
        for (std::size_t length = 1; length < size; ++length) {
            const auto fault = fixture.fault_of(fixture.text.substr(0, begin + length));
            REQUIRE(fault);
            REQUIRE(fault->record == record);
        }
        begin += size;
    }
}

TEST_CASE("Any bytes are survived") {
    const Fixture fixture;
    std::mt19937 random(7);
    for (int round = 0; round < 300; ++round) {
        std::string noise = fixture.lines[0];
        for (int i = 0; i < 300; ++i) noise.push_back(static_cast<char>(random()));
        const auto fault = fixture.fault_of(noise);
        REQUIRE(fault);
        REQUIRE(fault->record == 2);
    }
    REQUIRE(fixture.fault_of(std::string("{\"seq\":1\"}\n"))->record == 1);
    REQUIRE(fixture
                .fault_of("{\"seq\":" + std::string(40, '9') + ",\"prev\":\"" + std::string(64, 'a') +
                          "\",\"hash\":\"" + std::string(64, 'b') + "\"}\n")
                ->record == 1);
}
