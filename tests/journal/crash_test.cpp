// kill -9 at random moments, with the real sinks.

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <fstream>
#include <iostream>
#include <random>
#include <set>

#include "fixture.hpp"
#include "gateway/audit/scribe.hpp"
#include "gateway/audit/verify.hpp"
#include "gateway/registry/registry.hpp"

using namespace portcullis;
using namespace portcullis::journal;

namespace {

struct Gateway {
    explicit Gateway(const TemporaryFolder& folder)
        : registry("sqlite://" + (folder / "registry.db").string()),
          audit(folder / "audit"),
          journal(folder / "journal", registry, audit, small_segments()) {}

    static Options small_segments() {
        Options options;
        options.segment_bytes = 200'000;  // so that rotation is killed too
        return options;
    }

    registry::Registry registry;
    audit::AuditLog audit;
    Journal journal;
};

Uid uid_of(std::uint64_t number) {
    return *Uid::parse("1.2.826.0.1." + std::to_string(number));
}

std::vector<Entry> store(std::uint64_t number) {
    registry::Row row{"main",
                      uid_of(1),
                      uid_of(number),
                      "1.2.3",
                      "1.2.3.4",
                      "patient",
                      "1.2.840.10008.1.2.1",
                      std::string(32, 'a'),
                      Bytes(700, static_cast<std::uint8_t>(number)),
                      number};
    return {registry::put(row),
            audit::Scribe().entry({"store", {{"sop_instance", uid_of(number).str()}, {"phase", "intent"}}})};
}

// Keeps eight appends in flight, and writes the number of each that is durable to the pipe.
[[noreturn]] void append_for_ever(const TemporaryFolder& folder, std::uint64_t first, int pipe) {
    Gateway gateway(folder);
    std::mutex mutex;
    std::condition_variable ended;
    int in_flight = 0;
    for (std::uint64_t number = first;; ++number) {
        std::unique_lock lock(mutex);
        ended.wait(lock, [&] { return in_flight < 8; });
        ++in_flight;
        lock.unlock();
        gateway.journal.append(store(number), [&, number](ErrorCode error) {
            if (error || ::write(pipe, &number, sizeof number) != sizeof number) ::_exit(1);
            const std::lock_guard guard(mutex);
            --in_flight;
            ended.notify_one();
        });
        gateway.journal.append(
            {registry::outcome(uid_of(number), number, std::string(32, 'a'), registry::State::stored)}, {});
    }
}

// The numbers that the child reported before it was killed, `after` so many milliseconds from the first one.
std::vector<std::uint64_t> run_and_kill(const TemporaryFolder& folder, std::uint64_t first,
                                        std::chrono::microseconds after) {
    int pipe[2];
    REQUIRE(::pipe2(pipe, O_CLOEXEC) == 0);
    const pid_t child = ::fork();
    if (child == 0) append_for_ever(folder, first, pipe[1]);
    ::close(pipe[1]);
    std::vector<std::uint64_t> reported;
    const auto read_one = [&] {
        std::uint64_t number = 0;
        if (::read(pipe[0], &number, sizeof number) != sizeof number) return false;
        reported.push_back(number);
        return true;
    };
    REQUIRE(read_one());
    const auto deadline = std::chrono::steady_clock::now() + after;
    while (std::chrono::steady_clock::now() < deadline) {
        pollfd readable{pipe[0], POLLIN, 0};
        if (::poll(&readable, 1, 1) == 1) REQUIRE(read_one());
    }
    ::kill(child, SIGKILL);
    while (read_one()) continue;
    ::close(pipe[0]);
    int status = 0;
    ::waitpid(child, &status, 0);
    REQUIRE(WIFSIGNALED(status));
    return reported;
}

std::set<std::string> audited_instances(const TemporaryFolder& folder) {
    constexpr std::string_view member = "\"sop_instance\":\"";
    std::set<std::string> found;
    std::ifstream log(folder / "audit/audit.log");
    for (std::string line; std::getline(log, line);) {
        const auto at = line.find(member) + member.size();
        found.insert(line.substr(at, line.find('"', at) - at));
    }
    return found;
}

}  // namespace

TEST_CASE("After kill -9 at random moments, whatever was reported durable is in registry and audit log") {
    const TemporaryFolder folder;
    std::mt19937 random(20240229);
    std::vector<std::uint64_t> reported;
    std::uint64_t first = 100;
    for (int round = 0; round < 30; ++round) {
        CAPTURE(round);
        const auto now = run_and_kill(folder, first, std::chrono::microseconds(random() % 60'000));
        reported.insert(reported.end(), now.begin(), now.end());
        first = reported.back() + 1000;

        const Gateway gateway(folder);
        const auto verified = audit::verify(folder / "audit");
        if (verified.fault) FAIL("record " << verified.fault->record << " " << verified.fault->what);
        REQUIRE(verified.records == gateway.registry.size());  // one append made both
        const auto audited = audited_instances(folder);
        REQUIRE(audited.size() == verified.records);  // none twice
        for (const auto number : reported) REQUIRE(audited.contains(uid_of(number).str()));
        for (const auto number : now) {
            const auto rows = gateway.registry.find(uid_of(number));
            REQUIRE(rows.size() == 1);
            REQUIRE(rows[0].envelope == Bytes(700, static_cast<std::uint8_t>(number)));
        }
    }
    const Gateway gateway(folder);
    for (const auto number : reported) REQUIRE(gateway.registry.find(uid_of(number)).size() == 1);
    std::cout << "kill -9: 30 rounds, " << reported.size() << " appends reported durable, all found\n";
}
