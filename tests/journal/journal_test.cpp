#include "gateway/journal/journal.hpp"

#include <algorithm>
#include <atomic>
#include <catch2/catch.hpp>
#include <future>
#include <thread>
#include <utility>

#include "fixture.hpp"

using namespace portcullis;
using namespace portcullis::journal;

TEST_CASE("Entries are prepared and applied in order, each by its sink") {
    const TemporaryFolder folder;
    MemorySink registry;
    MemorySink audit;
    {
        Journal journal(folder / "journal", registry, audit);
        REQUIRE_FALSE(append_and_wait(journal, {registry_entry("a"), audit_entry("x")}));
        REQUIRE_FALSE(append_and_wait(journal, {audit_entry("y"), registry_entry("b"), audit_entry("z")}));
        REQUIRE(journal.healthy());
        REQUIRE(journal.failure().empty());
    }
    REQUIRE(registry.applied() == std::vector<std::string>{"a#0", "b#1"});
    REQUIRE(audit.applied() == std::vector<std::string>{"x#0", "y#1", "z#2"});
    REQUIRE(registry.synced() == 2);
    REQUIRE(audit.synced() == 3);
}

TEST_CASE("Four threads append 1000 times each: nothing is lost, and what was appended together stands so") {
    const TemporaryFolder folder;
    MemorySink registry;
    MemorySink audit;
    std::atomic<std::size_t> commits = 0;
    {
        Options options;
        options.on_commit = [&](const Commit&) { ++commits; };
        Journal journal(folder / "journal", registry, audit, options);
        std::vector<std::jthread> threads;
        for (int t = 0; t < 4; ++t)
            threads.emplace_back([&journal, t] {
                for (int i = 0; i < 1000; ++i) {
                    const std::string name = std::to_string(t) + "." + std::to_string(i);
                    if (append_and_wait(journal,
                                        {audit_entry(name), registry_entry(name), audit_entry(name)}))
                        return;
                }
            });
    }
    const auto records = audit.applied();
    REQUIRE(records.size() == 8000);
    REQUIRE(registry.applied().size() == 4000);
    REQUIRE(commits <= 4000);
    const auto name = [](const std::string& payload) { return payload.substr(0, payload.find('#')); };
    std::vector<int> next(4);
    for (std::size_t i = 0; i < records.size(); i += 2) {
        REQUIRE(name(records[i]) == name(records[i + 1]));
        REQUIRE(records[i].ends_with("#" + std::to_string(i)));
        const auto thread = static_cast<std::size_t>(records[i][0] - '0');
        REQUIRE(name(records[i]).substr(2) == std::to_string(next[thread]++));
    }
}

namespace {
// A callback for commits that holds the writer thread until it is released.
struct Gate {
    void operator()() {
        entered.set_value();
        release.get_future().wait();
    }
    std::promise<void> entered;
    std::promise<void> release;
};
}  // namespace

TEST_CASE("All that wait share one fdatasync") {
    const TemporaryFolder folder;
    MemorySink registry;
    MemorySink audit;
    Gate gate;
    std::vector<std::size_t> commits;
    Options options;
    options.on_commit = [&](const Commit& commit) {
        commits.push_back(commit.entries);
        if (commits.size() == 1) gate();
    };
    std::atomic<int> durable = 0;
    {
        Journal journal(folder / "journal", registry, audit, options);
        journal.append({audit_entry("first")}, [](ErrorCode) {});
        gate.entered.get_future().wait();
        for (int i = 0; i < 100; ++i)
            journal.append({registry_entry("r"), audit_entry("a")}, [&](ErrorCode error) {
                if (!error) ++durable;
            });
        gate.release.set_value();
    }
    REQUIRE(durable == 100);
    REQUIRE(commits == std::vector<std::size_t>{1, 200});
}

TEST_CASE("An append that nobody waits for joins the next commit, or is made durable after the linger time") {
    const TemporaryFolder folder;
    MemorySink registry;
    MemorySink audit;
    std::vector<std::size_t> commits;
    Options options;
    options.on_commit = [&](const Commit& commit) { commits.push_back(commit.entries); };
    SECTION("joins") {
        options.linger = std::chrono::hours(1);
        Journal journal(folder / "journal", registry, audit, options);
        journal.append({registry_entry("outcome")}, {});
        journal.append({registry_entry("outcome")}, {});
        REQUIRE_FALSE(append_and_wait(journal, {audit_entry("waits")}));
        REQUIRE(commits == std::vector<std::size_t>{3});
    }
    SECTION("lingers") {
        Journal journal(folder / "journal", registry, audit, options);
        const auto start = std::chrono::steady_clock::now();
        journal.append({registry_entry("a")}, {});
        journal.append({registry_entry("b")}, {});
        registry.wait_for(2);
        REQUIRE(std::chrono::steady_clock::now() - start >= std::chrono::milliseconds(50));
        REQUIRE(commits == std::vector<std::size_t>{2});
    }
    SECTION("is written when the journal closes") {
        options.linger = std::chrono::hours(1);
        {
            Journal journal(folder / "journal", registry, audit, options);
            journal.append({registry_entry("a")}, {});
        }
        REQUIRE(registry.applied().size() == 1);
    }
    SECTION("goes at once when much waits") {
        options.linger = std::chrono::hours(1);
        Journal journal(folder / "journal", registry, audit, options);
        for (int i = 0; i < 8; ++i) journal.append({registry_entry(std::string(1 << 20, 'x'))}, {});
        registry.wait_for(4);
    }
}

TEST_CASE("What is written on the calling thread is durable when that is said, behind all that lingers") {
    const TemporaryFolder folder;
    MemorySink registry;
    MemorySink audit;
    std::vector<std::pair<std::size_t, std::thread::id>> commits;
    Options options;
    options.linger = options.worth_waiting_for = std::chrono::hours(1);
    options.on_commit = [&](const Commit& commit) {
        commits.emplace_back(commit.entries, std::this_thread::get_id());
    };
    {
        Journal journal(folder / "journal", registry, audit, options);
        for (int i = 0; i < 3; ++i) {
            journal.append({audit_entry("outcome"), registry_entry("outcome")}, {});
            std::vector<Entry> entries{registry_entry("intent"), audit_entry("intent")};
            REQUIRE(journal.write_now(entries) == ErrorCode());
        }
        REQUIRE(commits == std::vector(3, std::pair(std::size_t{4}, std::this_thread::get_id())));
        // The writer thread goes on behind it.
        REQUIRE_FALSE(append_and_wait(journal, {audit_entry("last")}));
    }
    REQUIRE(registry.applied() == std::vector<std::string>{"outcome#0", "intent#1", "outcome#2", "intent#3",
                                                           "outcome#4", "intent#5"});
    REQUIRE(audit.applied().size() == 7);
    REQUIRE(audit.applied().back() == "last#6");
}

namespace {
class SlowSink : public MemorySink {
  public:
    void apply(const std::vector<std::pair<Position, std::string>>& entries) override {
        released.wait();
        MemorySink::apply(entries);
    }
    std::promise<void> release;
    std::shared_future<void> released = release.get_future().share();
};

class BrokenSink : public MemorySink {
  public:
    void apply(const std::vector<std::pair<Position, std::string>>&) override {
        throw std::runtime_error("registry: no space left");
    }
};
}  // namespace

TEST_CASE("Nothing is written on the calling thread while others wait for the disk, or more is to be done") {
    const TemporaryFolder folder;
    MemorySink registry;
    MemorySink audit;
    Options options;
    std::vector<Entry> entries{audit_entry("mine")};
    SECTION("another is being written") {
        Gate gate;
        bool first = true;
        options.on_commit = [&](const Commit&) {
            if (std::exchange(first, false)) gate();
        };
        Journal journal(folder / "journal", registry, audit, options);
        journal.append({audit_entry("first")}, [](ErrorCode) {});
        gate.entered.get_future().wait();
        REQUIRE_FALSE(journal.write_now(entries));
        gate.release.set_value();
    }
    SECTION("the segment is full") {
        options.segment_bytes = 1;
        options.linger = std::chrono::hours(1);
        Journal journal(folder / "journal", registry, audit, options);
        REQUIRE_FALSE(journal.write_now(entries));
    }
    SECTION("the disk was slow") {
        options.worth_waiting_for = std::chrono::milliseconds(0);
        Journal journal(folder / "journal", registry, audit, options);
        REQUIRE(journal.is_quick());
        REQUIRE_FALSE(append_and_wait(journal, {audit_entry("slow")}));
        REQUIRE_FALSE(journal.is_quick());
        REQUIRE_FALSE(journal.write_now(entries));
    }
    SECTION("the sinks are far behind") {
        SlowSink slow;
        options.worth_waiting_for = std::chrono::hours(1);
        Journal journal(folder / "journal", slow, audit, options);
        REQUIRE_FALSE(append_and_wait(journal, std::vector<Entry>(5000, registry_entry("r"))));
        REQUIRE_FALSE(append_and_wait(journal, {}));  // by then they were handed on
        REQUIRE_FALSE(journal.write_now(entries));
        slow.release.set_value();
    }
    SECTION("it is too long") {
        Journal journal(folder / "journal", registry, audit, options);
        entries.push_back(audit_entry(std::string(max_append_bytes, 'x')));
        REQUIRE_FALSE(journal.write_now(entries));
        REQUIRE(entries.back().payload.size() == max_append_bytes);
    }
    REQUIRE(entries.front().payload == "mine");
}

TEST_CASE("Threads that write by themselves and others that wait lose nothing, and stand in one order") {
    const TemporaryFolder folder;
    MemorySink registry;
    MemorySink audit;
    std::atomic<int> by_themselves = 0;
    {
        Journal journal(folder / "journal", registry, audit);
        std::vector<std::jthread> threads;
        for (int t = 0; t < 4; ++t)
            threads.emplace_back([&journal, &by_themselves, t] {
                for (int i = 0; i < 500; ++i) {
                    std::vector<Entry> entries{audit_entry(std::to_string(t) + "." + std::to_string(i))};
                    const auto written = journal.write_now(entries);
                    if (written) ++by_themselves;
                    if (written ? bool(*written) : bool(append_and_wait(journal, std::move(entries)))) return;
                }
            });
    }
    const auto records = audit.applied();
    REQUIRE(records.size() == 2000);
    REQUIRE(by_themselves > 0);
    std::vector<int> next(4);
    for (std::size_t i = 0; i < records.size(); ++i) {
        REQUIRE(records[i].ends_with("#" + std::to_string(i)));
        const auto thread = static_cast<std::size_t>(records[i][0] - '0');
        REQUIRE(records[i].substr(2, records[i].find('#') - 2) == std::to_string(next[thread]++));
    }
}

TEST_CASE("An append without entries is durable when all before it are") {
    const TemporaryFolder folder;
    MemorySink registry;
    MemorySink audit;
    Options options;
    options.linger = std::chrono::hours(1);
    std::size_t entries = 0;
    options.on_commit = [&](const Commit& commit) { entries += commit.entries; };
    Journal journal(folder / "journal", registry, audit, options);
    journal.append({registry_entry("a")}, {});
    REQUIRE_FALSE(append_and_wait(journal, {}));
    REQUIRE(entries == 1);
    REQUIRE_FALSE(append_and_wait(journal, {}));
}

TEST_CASE("An append that is too long fails alone") {
    const TemporaryFolder folder;
    MemorySink registry;
    MemorySink audit;
    {
        Journal journal(folder / "journal", registry, audit);
        const auto half = std::string(max_append_bytes / 2, 'x');
        REQUIRE(append_and_wait(journal, {audit_entry(half), audit_entry(half)}) ==
                boost::system::errc::message_size);
        REQUIRE(journal.healthy());
        REQUIRE_FALSE(append_and_wait(journal, {audit_entry(half)}));
    }
    REQUIRE(audit.applied().size() == 1);
}

TEST_CASE("A slow sink delays no commit") {
    const TemporaryFolder folder;
    SlowSink registry;
    MemorySink audit;
    Journal journal(folder / "journal", registry, audit);
    for (int i = 0; i < 20; ++i) REQUIRE_FALSE(append_and_wait(journal, {registry_entry("r")}));
    REQUIRE(registry.applied().empty());
    registry.release.set_value();
    registry.wait_for(20);
}

TEST_CASE("A sink that fails stops the journal, which keeps the entries for the next start") {
    const TemporaryFolder folder;
    MemorySink audit;
    {
        BrokenSink registry;
        Options options;
        options.worth_waiting_for = std::chrono::hours(1);
        Journal journal(folder / "journal", registry, audit, options);
        REQUIRE_FALSE(append_and_wait(journal, {registry_entry("kept"), audit_entry("kept")}));
        ErrorCode error;
        while (!error) error = append_and_wait(journal, {audit_entry("later")});
        REQUIRE(error == boost::system::errc::io_error);
        REQUIRE_FALSE(journal.healthy());
        REQUIRE(journal.failure() == "registry: no space left");
        REQUIRE(append_and_wait(journal, {audit_entry("after")}) == boost::system::errc::io_error);
        std::vector<Entry> entries{audit_entry("after")};
        std::optional<ErrorCode> written;
        while (!written) written = journal.write_now(entries);  // the writer may yet be busy with the append
        REQUIRE(*written == boost::system::errc::io_error);
    }
    MemorySink registry;
    const Journal journal(folder / "journal", registry, audit);
    REQUIRE(registry.applied() == std::vector<std::string>{"kept#0"});
    REQUIRE(audit.applied().at(0) == "kept#0");
    REQUIRE(audit.applied().back().find("after") == std::string::npos);
}
