#include <sys/stat.h>

#include <catch2/catch.hpp>
#include <map>
#include <thread>

#include "fixture.hpp"
#include "gateway/journal/journal.hpp"

using namespace portcullis;
using namespace portcullis::audit;
using Catch::Contains;
namespace fs = std::filesystem;

namespace {

// Hands the log what the journal still has, as a start does.
void replay(AuditLog& log, const Prepared& entries) {
    Prepared lacking;
    for (const auto& [position, line] : entries)
        if (position >= log.next()) lacking.emplace_back(position, line);
    if (!lacking.empty()) log.apply(lacking);
    log.sync();
}

}  // namespace

TEST_CASE("The chain goes on after closing and opening, and the files are private") {
    const TemporaryFolder folder;
    for (int start = 0; start < 3; ++start) {
        AuditLog log(folder);
        log.apply(prepare(log, some_records(5)));
        if (start == 1) log.sync();
    }
    REQUIRE(AuditLog(folder).next() == 15);
    REQUIRE(verify(folder).records == 15);
    REQUIRE_FALSE(verify(folder).fault);
    for (const auto* name : {"audit.log", "audit.synced"}) {
        struct stat status {};
        REQUIRE(::stat((fs::path(folder) / name).c_str(), &status) == 0);
        REQUIRE((status.st_mode & 07777) == 0600);
    }
}

TEST_CASE("A log that a crash cut or filled with zeros is made whole from the journal") {
    const TemporaryFolder folder;
    Prepared entries;
    {
        AuditLog log(folder);
        log.apply(prepare(log, some_records(3)));
        log.sync();
        entries = prepare(log, some_records(4));
        log.apply(entries);
    }
    const std::string whole = content(folder.log());
    const std::size_t durable = whole.size() - [&] {
        std::size_t bytes = 0;
        for (const auto& [position, line] : entries) bytes += line.size() + 1;
        return bytes;
    }();
    for (std::size_t cut = durable; cut <= whole.size(); ++cut) {
        for (const bool zeros : {false, true}) {
            write(folder.log(), whole.substr(0, cut) + std::string(zeros ? whole.size() - cut : 0, '\0'));
            AuditLog log(folder);
            replay(log, entries);
            REQUIRE(content(folder.log()) == whole);
            fs::remove(fs::path(folder) / "audit.synced");  // as it was before this round, or lost
        }
    }
    // A page in the middle that did not reach the disk, though a later one did.
    std::string hole = whole;
    hole.replace(durable + 10, 20, std::string(20, '\0'));
    write(folder.log(), hole);
    AuditLog log(folder);
    REQUIRE(log.next() == 3);
    replay(log, entries);
    REQUIRE(content(folder.log()) == whole);
}

TEST_CASE("What is not sound at the end, and not in the journal, is an error and stays") {
    const TemporaryFolder folder;
    {
        AuditLog log(folder);
        log.apply(prepare(log, some_records(2)));
        log.sync();
    }
    const std::string damaged = content(folder.log()) + "{\"seq\":3,";
    write(folder.log(), damaged);
    AuditLog log(folder);
    REQUIRE_THAT(error_of([&] { log.sync(); }),
                 Contains("audit.log: damaged at offset") && Contains("after record 2"));
    REQUIRE(content(folder.log()) == damaged);
}

TEST_CASE("Only the record that comes next is taken from the journal") {
    const TemporaryFolder folder;
    const TemporaryFolder other;
    AuditLog log(folder);
    AuditLog foreign(other);
    const auto theirs = prepare(foreign, some_records(3, "9.9."));
    log.apply(prepare(log, some_records(1)));
    REQUIRE_THAT(error_of([&] { log.apply({theirs[2]}); }), Contains("record 2"));
    REQUIRE_THAT(error_of([&] { log.apply({theirs[1]}); }), Contains("record 2"));
    REQUIRE(verify(folder).records == 1);
}

TEST_CASE("A log that is shorter than it was is an error, and so is a mark that nobody can read") {
    const TemporaryFolder folder;
    {
        AuditLog log(folder);
        log.apply(prepare(log, some_records(3)));
        log.sync();
    }
    const auto whole = content(folder.log());
    write(folder.log(), lines_of(whole)[0]);
    REQUIRE_THAT(error_of([&] { AuditLog{folder}; }), Contains("was shortened: 3 records"));
    write(folder.log(), whole);
    for (const auto* text : {"", "x", "1 2", "1 2 abc", "-"}) {
        write(fs::path(folder) / "audit.synced", text);
        REQUIRE_THAT(error_of([&] { AuditLog{folder}; }), Contains("audit.synced: is malformed"));
    }
    fs::remove(fs::path(folder) / "audit.synced");
    REQUIRE(AuditLog(folder).next() == 3);
}

namespace {
class Nothing : public journal::Sink {
    void prepare(std::string&) override {}
    void apply(const std::vector<std::pair<journal::Position, std::string>>&) override {}
    void sync() override {}
    journal::Position next() const override { return 0; }
};
}  // namespace

TEST_CASE("Verifying while the log grows sees whole records only") {
    const TemporaryFolder folder;
    Nothing registry;
    AuditLog log(folder);
    {
        journal::Journal journal(fs::path(folder) / "journal", registry, log);
        for (int i = 0; i < 200; ++i) {
            for (int n = 0; n < 20; ++n)
                journal.append({Scribe().entry({"store", {{"reason", std::string(1000, 'x')}}})},
                               [](ErrorCode) {});
            REQUIRE_FALSE(verify(folder).fault);
        }
    }
    REQUIRE(verify(folder).records == 4000);
}

TEST_CASE("A log moved away without its journal is noticed") {
    const TemporaryFolder folder;
    {
        Nothing registry;
        AuditLog log(folder);
        journal::Journal journal(fs::path(folder) / "journal", registry, log);
        journal.append({Scribe().entry({"start", {}})}, {});
    }
    {
        Nothing registry;
        AuditLog log(folder);
        const journal::Journal journal(fs::path(folder) / "journal", registry, log);
    }
    fs::remove(folder.log());
    REQUIRE_THAT(error_of([&] { AuditLog{folder}; }), Contains("was shortened"));
    fs::remove(fs::path(folder) / "audit.synced");
    Nothing registry;
    AuditLog log(folder);
    REQUIRE_THAT(error_of([&] { journal::Journal(fs::path(folder) / "journal", registry, log); }),
                 Contains("audit record 2, but the audit log ends at 0"));
}

TEST_CASE("A log that somebody writes is left alone by everybody else") {
    const TemporaryFolder folder;
    AuditLog log(folder);
    log.apply(prepare(log, some_records(3)));
    write(folder.log(), content(folder.log()) + "half a rec");  // as it is while somebody writes
    const auto files = [&] {
        std::map<std::string, std::string> all;
        for (const auto& entry : fs::directory_iterator(folder)) all[entry.path()] = content(entry.path());
        return all;
    };
    const auto before = files();
    CHECK_THAT(error_of([&] { AuditLog another(folder); }),
               Contains("the audit log is used by another process"));
    CHECK(files() == before);
    CHECK(verify(folder).records == 3);
}
