#include <sys/stat.h>

#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "fixture.hpp"
#include "gateway/journal/segment.hpp"

using namespace portcullis;
using namespace portcullis::journal;
namespace fs = std::filesystem;
using Catch::Contains;
using Strings = std::vector<std::string>;

namespace {

std::string content(const fs::path& path) {
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

void write(const fs::path& path, const std::string& bytes) {
    std::ofstream(path, std::ios::binary) << bytes;
}

// What a journal that was killed after three appends leaves behind, with sinks that have applied nothing.
struct Crashed {
    Crashed() : folder(temporary / "crashed") {
        MemorySink registry;
        MemorySink audit;
        std::size_t end = segment_header_bytes;
        Options options;
        options.on_commit = [&](const Commit& commit) { end += commit.bytes; };
        Journal journal(temporary / "journal", registry, audit, options);
        for (const auto* name : {"one", "two", "three"}) {
            begins.push_back(end);
            if (append_and_wait(journal, {registry_entry(name), audit_entry(name)}))
                throw std::runtime_error("append");
        }
        fs::copy(temporary / "journal", folder);
        segment = segments(folder).at(0);
        bytes = content(segment).substr(0, end);
    }
    // What the sinks have been given after starting again.
    Strings reopened() const {
        MemorySink registry;
        MemorySink audit;
        const Journal journal(folder, registry, audit);
        REQUIRE(registry.applied() == audit.applied());
        REQUIRE(registry.synced() == registry.applied().size());
        return registry.applied();
    }
    // A start that fails must leave the segment as it was.
    std::string error() const {
        const std::string before = content(segment);
        const std::string text = error_of([&] { reopened(); });
        REQUIRE(content(segment) == before);
        return text;
    }

    TemporaryFolder temporary;
    fs::path folder;
    fs::path segment;
    std::string bytes;                // of the segment, without the zeros behind its batches
    std::vector<std::size_t> begins;  // offsets of the three batches
};

}  // namespace

TEST_CASE("What the sinks lack is replayed as it was prepared, and not prepared again") {
    const Crashed crashed;
    REQUIRE(crashed.reopened() == Strings{"one#0", "two#1", "three#2"});
}

TEST_CASE("Only what a sink lacks is replayed to it") {
    const Crashed crashed;
    MemorySink registry(2);
    MemorySink audit(3);
    const Journal journal(crashed.folder, registry, audit);
    REQUIRE(registry.applied() == Strings{"three#2"});
    REQUIRE(audit.applied().empty());
}

TEST_CASE("A last batch that was cut anywhere is dropped, and the journal goes on") {
    const Crashed crashed;
    for (auto length = crashed.begins[2]; length < crashed.bytes.size(); ++length) {
        write(crashed.segment, crashed.bytes.substr(0, length));
        MemorySink registry;
        MemorySink audit;
        {
            Journal journal(crashed.folder, registry, audit);
            REQUIRE(registry.applied() == Strings{"one#0", "two#1"});
            REQUIRE_FALSE(append_and_wait(journal, {registry_entry("new")}));
        }
        REQUIRE(registry.next() == 3);
        for (const auto& segment : segments(crashed.folder)) fs::remove(segment);
    }
}

TEST_CASE("A last batch of which the disk kept other bytes is dropped") {
    const Crashed crashed;
    for (auto at = crashed.begins[2]; at < crashed.bytes.size(); ++at) {
        auto bytes = crashed.bytes;
        bytes[at] = static_cast<char>(~bytes[at]);
        write(crashed.segment, bytes + std::string(at % 3 * 4096, '\0'));
        REQUIRE(crashed.reopened() == Strings{"one#0", "two#1"});
        for (const auto& segment : segments(crashed.folder)) fs::remove(segment);
    }
}

TEST_CASE("Any byte changed before the end is an error that names file and offset") {
    const Crashed crashed;
    for (auto at = crashed.begins[0]; at < crashed.begins[2]; ++at) {
        auto bytes = crashed.bytes;
        bytes[at] = static_cast<char>(bytes[at] ^ 0x10);
        write(crashed.segment, bytes);
        const auto batch = at < crashed.begins[1] ? crashed.begins[0] : crashed.begins[1];
        REQUIRE_THAT(crashed.error(), Contains(crashed.segment.string() + ": damaged at offset " +
                                               std::to_string(batch) + ","));
    }
}

TEST_CASE("Bytes taken out of, or put into, the middle are an error") {
    const Crashed crashed;
    auto bytes = crashed.bytes;
    bytes.erase(crashed.begins[1], crashed.begins[2] - crashed.begins[1]);  // a whole batch
    write(crashed.segment, bytes);
    REQUIRE_THAT(crashed.error(), Contains("damaged at offset " + std::to_string(crashed.begins[1])));
    bytes = crashed.bytes;
    bytes.insert(crashed.begins[1], std::string(3 << 20, 'x'));
    write(crashed.segment, bytes);
    REQUIRE_THAT(crashed.error(), Contains("damaged at offset " + std::to_string(crashed.begins[1])));
}

TEST_CASE("A damaged or cut header of a segment is an error") {
    const Crashed crashed;
    for (std::size_t at = 0; at < crashed.begins[0]; ++at) {
        auto bytes = crashed.bytes;
        bytes[at] = static_cast<char>(bytes[at] ^ 1);
        write(crashed.segment, bytes);
        REQUIRE_THAT(crashed.error(), Contains(crashed.segment.string() + ": damaged at offset 0"));
        write(crashed.segment, crashed.bytes.substr(0, at));
        REQUIRE_THAT(crashed.error(), Contains("damaged at offset 0"));
    }
}

TEST_CASE("A sink that lacks what the journal has forgotten is an error") {
    const TemporaryFolder folder;
    {
        MemorySink registry(10);
        MemorySink audit(20);
        const Journal journal(folder / "journal", registry, audit);
    }
    MemorySink registry(10);
    MemorySink audit(19);
    REQUIRE_THAT(error_of([&] { Journal(folder / "journal", registry, audit); }),
                 Contains("audit record 21, but the audit log ends at 19"));
    MemorySink empty;
    REQUIRE_THAT(error_of([&] { Journal(folder / "journal", empty, audit); }),
                 Contains("registry change 11, but the registry ends at 0"));
}

TEST_CASE("A journal that is new goes on where its sinks are") {
    const TemporaryFolder folder;
    MemorySink registry(10);
    MemorySink audit(20);
    {
        Journal journal(folder / "journal", registry, audit);
        REQUIRE_FALSE(append_and_wait(journal, {registry_entry("r"), audit_entry("a")}));
    }
    REQUIRE(registry.next() == 11);
    REQUIRE(audit.next() == 21);
}

TEST_CASE("Full segments are deleted, but not before the sinks have synced") {
    const TemporaryFolder folder;
    MemorySink audit;
    Options options;
    options.segment_bytes = 1000;
    MemorySink registry;
    {
        Journal journal(folder / "journal", registry, audit, options);
        for (int i = 0; i < 200; ++i)
            REQUIRE_FALSE(append_and_wait(journal, {registry_entry(std::string(100, 'x'))}));
    }
    const auto left = segments(folder / "journal");
    REQUIRE(left.size() == 1);
    MemorySink again(registry.next());
    const Journal journal(folder / "journal", again, audit);
    REQUIRE(again.applied().empty());
}

TEST_CASE("Segments that a sink has not applied stay, and all are replayed") {
    class Stuck : public MemorySink {
      public:
        void apply(const std::vector<std::pair<Position, std::string>>&) override {
            throw std::runtime_error("stuck");
        }
    };
    const TemporaryFolder folder;
    MemorySink audit;
    Options options;
    options.segment_bytes = 1000;
    std::size_t durable = 0;
    {
        Stuck registry;
        Journal journal(folder / "journal", registry, audit, options);
        while (!append_and_wait(journal, {registry_entry(std::string(2000, 'x'))})) ++durable;
    }
    MemorySink registry;
    const Journal journal(folder / "journal", registry, audit);
    REQUIRE(registry.next() >= durable);
    REQUIRE(segments(folder / "journal").size() == 1);
}

TEST_CASE("Several segments are replayed in order, and damage between them is an error") {
    const TemporaryFolder folder;
    Crashed crashed;
    // The journal that the crash interrupted had begun a second segment, and applied nothing.
    MemorySink registry;
    MemorySink audit;
    fs::create_directory(folder / "journal");
    fs::copy(crashed.segment, folder / "journal");
    {
        MemorySink applied_registry;
        MemorySink applied_audit;
        Journal journal(crashed.folder, applied_registry, applied_audit);
        REQUIRE_FALSE(append_and_wait(journal, {registry_entry("four"), audit_entry("four")}));
        for (const auto& segment : segments(crashed.folder)) fs::copy(segment, folder / "journal");
    }
    REQUIRE(segments(folder / "journal").size() == 2);
    const auto first = segments(folder / "journal").at(0);
    write(first, crashed.bytes.substr(0, crashed.bytes.size() - 1));
    REQUIRE_THAT(error_of([&] { Journal(folder / "journal", registry, audit); }),
                 Contains(first.string() + ": damaged at its end"));
    write(first, crashed.bytes);
    MemorySink whole_registry;
    MemorySink whole_audit;
    const Journal journal(folder / "journal", whole_registry, whole_audit);
    REQUIRE(whole_registry.applied() == Strings{"one#0", "two#1", "three#2", "four#0"});
    REQUIRE(segments(folder / "journal").size() == 1);
}

TEST_CASE("A journal is used by one process at a time, and is private") {
    const TemporaryFolder folder;
    MemorySink registry;
    MemorySink audit;
    const Journal journal(folder / "journal", registry, audit);
    REQUIRE_THAT(error_of([&] { Journal(folder / "journal", registry, audit); }),
                 Contains("used by another process"));
    struct stat status {};
    REQUIRE(::stat((folder / "journal").c_str(), &status) == 0);
    REQUIRE((status.st_mode & 07777) == 0700);
    REQUIRE(::stat(segments(folder / "journal").at(0).c_str(), &status) == 0);
    REQUIRE((status.st_mode & 07777) == 0600);
}

TEST_CASE("A folder that cannot be used is an error of one line") {
    const TemporaryFolder folder;
    write(folder / "file", "x");
    MemorySink registry;
    MemorySink audit;
    REQUIRE_THAT(error_of([&] { Journal(folder / "file", registry, audit); }), Contains("file"));
    REQUIRE_THAT(error_of([&] { Journal(folder / "file/below", registry, audit); }), Contains("file"));
}
