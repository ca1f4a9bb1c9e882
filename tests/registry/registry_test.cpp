#include "gateway/registry/registry.hpp"

#include <soci/soci.h>
#include <soci/sqlite3/soci-sqlite3.h>
#include <sys/stat.h>

#include <atomic>
#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <future>
#include <thread>

#include "tests/registry/feeder.hpp"

using namespace portcullis;
using namespace portcullis::registry;
using Catch::Contains;
namespace fs = std::filesystem;

namespace {

std::string error_of(const std::function<void()>& action) {
    try {
        action();
    } catch (const std::runtime_error& error) {
        return error.what();
    }
    return {};
}

}  // namespace

TEST_CASE("A row is found from the moment it is prepared, whole, and after opening again") {
    const TemporaryFolder folder;
    auto whole = row("1.2.3", 5);
    whole.patient_id = std::string("\0\xff'\";--\n", 8);
    whole.envelope.clear();
    for (int i = 0; i < 256; ++i) whole.envelope.push_back(static_cast<std::uint8_t>(i));
    {
        Registry registry(folder.url());
        REQUIRE(registry.find(uid("1.2.3")).empty());
        Feeder feeder(registry);
        feeder.prepare(put(whole));
        REQUIRE(registry.find(uid("1.2.3")) == std::vector<Row>{whole});
        REQUIRE(registry.size() == 1);
        feeder.apply();
        REQUIRE(registry.find(uid("1.2.3")) == std::vector<Row>{whole});
        REQUIRE(registry.size() == 1);
        REQUIRE(registry.find(uid("1.2.33")).empty());
    }
    const Registry registry(folder.url());
    REQUIRE(registry.find(uid("1.2.3")) == std::vector<Row>{whole});
    REQUIRE(registry.next() == 1);
}

TEST_CASE("A row is found by its envelope: the latest, in the journal as in the database") {
    const TemporaryFolder folder;
    Registry registry(folder.url());
    Feeder feeder(registry);
    const auto one = row("1.2.3", 5);
    const auto other = row("1.2.4", 6);
    auto again = one;
    again.time_ms = 7;
    auto bare = row("1.2.5", 8);
    bare.envelope.clear();
    bare.envelope_id.clear();
    for (const auto& put_in : {one, other, bare}) feeder.prepare(put(put_in));
    for (int applied = 0; applied < 2; ++applied) {
        CHECK(registry.find_envelope(one.envelope_id) == one);
        CHECK(registry.find_envelope(other.envelope_id) == other);
        CHECK(registry.find_envelope(std::string(32, '0')) == std::nullopt);
        CHECK(registry.find_envelope("") == std::nullopt);
        feeder.apply();
    }
    feeder.prepare(put(again));
    CHECK(registry.find_envelope(one.envelope_id) == again);
    feeder.apply();
    CHECK(registry.find_envelope(one.envelope_id) == again);
}

TEST_CASE("The envelopes of rows are in their order, each once") {
    auto bare = row("1.2.3", 9);
    bare.envelope.clear();
    bare.envelope_id.clear();
    const auto later = row("1.2.3", 6);
    const auto first = row("1.2.3", 5);
    CHECK(envelopes_of({bare, later, first, later}) == std::vector<Bytes>{later.envelope, first.envelope});
}

TEST_CASE("An object with nothing to seal, and an envelope of a megabyte, are rows like others") {
    const TemporaryFolder folder;
    Registry registry(folder.url());
    Feeder feeder(registry);
    auto bare = row("1.2.3", 5);
    bare.envelope.clear();
    bare.envelope_id.clear();
    bare.study.clear();
    bare.series.clear();
    auto large = row("1.2.4", 5);
    large.envelope.assign(1 << 20, 0xa5);
    feeder.prepare(put(bare));
    feeder.prepare(put(large));
    feeder.apply();
    REQUIRE(registry.find(uid("1.2.3")) == std::vector<Row>{bare});
    REQUIRE(registry.find(uid("1.2.4")) == std::vector<Row>{large});
}

TEST_CASE("The current row is first: the latest, refused ones last, wherever they stand") {
    const TemporaryFolder folder;
    // How many of the changes are in the database, and not only in the overlay.
    const std::size_t applied = GENERATE(0, 1, 2, 3, 4, 5);
    Registry registry(folder.url());
    Feeder feeder(registry);
    const std::vector<journal::Entry> changes = {
        put(row("1.2.3", 1)), outcome_of(row("1.2.3", 1), State::stored),  put(row("1.2.3", 3)),
        put(row("1.2.3", 2)), outcome_of(row("1.2.3", 3), State::refused),
    };
    for (std::size_t i = 0; i < changes.size(); ++i) {
        if (i == applied) feeder.apply();
        feeder.prepare(changes[i]);
    }
    if (applied == changes.size()) feeder.apply();
    REQUIRE(registry.find(uid("1.2.3")) ==
            std::vector<Row>{row("1.2.3", 2), row("1.2.3", 1), row("1.2.3", 3)});
    REQUIRE(registry.instances_of_study(uid("1.1")) == std::vector<Uid>{uid("1.2.3")});
}

TEST_CASE("Instances of a study are those that were not refused, each once") {
    const TemporaryFolder folder;
    const bool applied = GENERATE(false, true);
    Registry registry(folder.url());
    Feeder feeder(registry);
    feeder.prepare(put(row("1.2.1", 1)));
    feeder.prepare(put(row("1.2.2", 2)));
    feeder.prepare(put(row("1.2.1", 3)));
    feeder.prepare(put(row("1.2.9", 4, "1.7")));
    if (applied) feeder.apply();
    feeder.prepare(outcome_of(row("1.2.2", 2), State::refused));
    feeder.prepare(outcome_of(row("1.2.1", 3), State::refused));
    REQUIRE(registry.instances_of_study(uid("1.1")) == std::vector<Uid>{uid("1.2.1")});
    feeder.apply();
    REQUIRE(registry.instances_of_study(uid("1.1")) == std::vector<Uid>{uid("1.2.1")});
    REQUIRE(registry.instances_of_study(uid("1.7")) == std::vector<Uid>{uid("1.2.9")});
    REQUIRE(registry.instances_of_study(uid("1.8")).empty());
}

TEST_CASE("Open intents are rows without an outcome, among the latest") {
    const TemporaryFolder folder;
    Registry registry(folder.url());
    REQUIRE(registry.open_intents(10).empty());
    Feeder feeder(registry);
    for (const auto& change :
         {put(row("1.2.1", 1)), put(row("1.2.2", 2)), outcome_of(row("1.2.2", 2), State::stored),
          put(row("1.2.3", 3)), put(row("1.2.3", 4)), outcome_of(row("1.2.3", 4), State::refused)})
        feeder.prepare(change);
    feeder.apply();
    const auto open = registry.open_intents(10);
    REQUIRE(open.size() == 2);
    CHECK(open[0].sop_instance == uid("1.2.1"));
    CHECK(open[1].sop_instance == uid("1.2.3"));
    CHECK(open[1].time_ms == 3);
    CHECK(open[1].archive == "main");
    CHECK(open[1].study == "1.1");
    CHECK(open[1].series == "1.1.1");
    CHECK(open[1].envelope_id == row("1.2.3", 3).envelope_id);
    const auto latest = registry.open_intents(2);
    REQUIRE(latest.size() == 1);
    CHECK(latest[0].time_ms == 3);
}

TEST_CASE("Transfer syntaxes of a class, the most recent first, of all studies or some") {
    const TemporaryFolder folder;
    const bool applied = GENERATE(false, true);
    Registry registry(folder.url());
    Feeder feeder(registry);
    const std::string implicit = "1.2.840.10008.1.2";
    const std::string explicit_le = "1.2.840.10008.1.2.1";
    const std::string jpeg = "1.2.840.10008.1.2.4.50";
    feeder.prepare(put(row("1.2.1", 1, "1.1", jpeg)));
    feeder.prepare(put(row("1.2.2", 2, "1.1", implicit)));
    feeder.prepare(put(row("1.2.3", 3, "1.1", jpeg)));
    feeder.prepare(put(row("1.2.4", 4, "1.2", explicit_le)));
    auto other_class = row("1.2.5", 5, "1.1", "1.2.840.10008.1.2.5");
    other_class.sop_class = mr;
    feeder.prepare(put(other_class));
    if (applied) feeder.apply();
    using Strings = std::vector<std::string>;
    REQUIRE(registry.transfer_syntaxes(ct, {}) == Strings{explicit_le, jpeg, implicit});
    REQUIRE(registry.transfer_syntaxes(ct, {uid("1.1")}) == Strings{jpeg, implicit});
    REQUIRE(registry.transfer_syntaxes(ct, {uid("1.2"), uid("1.1")}) == Strings{explicit_le, jpeg, implicit});
    REQUIRE(registry.transfer_syntaxes(ct, {uid("1.3")}).empty());
    REQUIRE(registry.transfer_syntaxes(uid("1.9"), {}).empty());
    feeder.prepare(outcome_of(row("1.2.4", 4), State::refused));
    feeder.apply();
    REQUIRE(registry.transfer_syntaxes(ct, {}) == Strings{jpeg, implicit});
    REQUIRE(registry.transfer_syntaxes(ct, {uid("1.2")}).empty());
}

TEST_CASE("Readers never miss a row that was prepared, nor see it twice, while it moves to the database") {
    const TemporaryFolder folder;
    Registry registry(folder.url());
    Feeder feeder(registry);
    std::atomic<int> last = -1;
    std::atomic<bool> stop = false;
    std::atomic<int> wrong = 0;
    std::atomic<int> looked = 0;
    const auto look = [&] {
        while (!stop) {
            const int number = last;
            if (number < 0) continue;
            if (registry.find(uid("1.2." + std::to_string(number))).size() != 1) ++wrong;
            if (registry.size() < static_cast<std::uint64_t>(number) + 1) ++wrong;
            ++looked;
        }
    };
    {
        std::vector<std::jthread> threads;
        for (int i = 0; i < 6; ++i) threads.emplace_back(look);  // more than there are sessions
        for (int i = 0; i < 1000 || looked < 1000; ++i) {
            feeder.prepare(put(row("1.2." + std::to_string(i), 1)));
            last = i;
            if (i % 3 == 0) feeder.apply();
        }
        stop = true;
    }
    REQUIRE(wrong == 0);
}

TEST_CASE("Changes that do not follow on those before are refused, and leave nothing") {
    const TemporaryFolder folder;
    Registry registry(folder.url());
    REQUIRE_THAT(error_of([&] {
                     registry.apply({{1, put(row("1.2.3", 1)).payload}});
                 }),
                 Contains("registry.db: the journal does not go on where the registry ends"));
    REQUIRE_THROWS_AS(registry.apply({{0, put(row("1.2.3", 1)).payload}, {1, "nonsense"}}),
                      std::runtime_error);
    REQUIRE(registry.size() == 0);
    REQUIRE(registry.next() == 0);
    registry.apply({{0, put(row("1.2.3", 1)).payload}});
    registry.sync();
    REQUIRE(registry.next() == 1);
}

TEST_CASE("What the database refuses is told without the patient") {
    const TemporaryFolder folder;
    Registry registry(folder.url());
    soci::session(soci::sqlite3, (folder / "registry.db").string()) << "drop table object";
    const std::string patient_in_hex = "70617469656e74";
    REQUIRE_THAT(error_of([&] {
                     registry.apply({{0, put(row("1.2.3", 1)).payload}});
                 }),
                 Contains("no such table") && !Contains(patient_in_hex));
    REQUIRE_THAT(error_of([&] { (void)registry.find(uid("1.2.3")); }),
                 Contains("registry.db: ") && Contains("no such table"));
}

TEST_CASE("The files are private, and a path may hold spaces and an equals sign") {
    const TemporaryFolder folder;
    const fs::path file = folder / "a folder/x = y/registry.db";
    {
        Registry registry("sqlite://" + file.string());
        registry.apply({{0, put(row("1.2.3", 1)).payload}});
        for (const auto& entry : fs::directory_iterator(file.parent_path())) {
            struct stat status {};
            REQUIRE(::stat(entry.path().c_str(), &status) == 0);
            REQUIRE((status.st_mode & 07777) == 0600);
        }
    }
    REQUIRE(fs::exists(file));
    REQUIRE(Registry("sqlite://" + file.string()).size() == 1);
}

TEST_CASE("Other URLs are refused, and passwords in them are not repeated") {
    REQUIRE_THAT(error_of([] { Registry("postgresql://me:geheim@db/portcullis"); }),
                 Contains("PostgreSQL is not in this version") && !Contains("geheim"));
    for (const auto* url : {"", "sqlite://", "sqlite:/x", "mysql://me:geheim@db", "/var/lib/registry.db"})
        REQUIRE_THAT(error_of([&] { Registry{std::string(url)}; }),
                     Contains("use sqlite:///absolute/path") && !Contains("geheim"));
    REQUIRE_THAT(error_of([] { Registry("sqlite:///tmp/a\"b"); }), Contains("quotes"));
}

TEST_CASE("What is not a database, or of a later version, is named and left as it is") {
    const TemporaryFolder folder;
    const fs::path file = folder / "registry.db";
    { std::ofstream(file) << std::string(8192, 'x'); }
    REQUIRE_THAT(error_of([&] { Registry{folder.url()}; }), Contains("registry: " + file.string()));
    REQUIRE(fs::file_size(file) == 8192);
    fs::remove(file);
    { const Registry registry(folder.url()); }
    {
        soci::session sql(soci::sqlite3, file.string());
        sql << "update version set version = 99";
    }
    REQUIRE_THAT(error_of([&] { Registry{folder.url()}; }),
                 Contains("version 99") && Contains("use a later one"));
}
