// A disk that is full: a file size limit (for everybody), and a small file system (where we may mount one).

#include <sched.h>
#include <signal.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <fstream>
#include <functional>

#include "fixture.hpp"

using namespace portcullis;
using namespace portcullis::journal;
namespace fs = std::filesystem;

namespace {

constexpr int cannot_try = 77;

// Runs it in a child process, whose limits and mounts are its own. 0 is success.
int in_child(const std::function<int()>& action) {
    const pid_t child = ::fork();
    if (child == 0) {
        int result = 1;
        try {
            result = action();
        } catch (const std::exception&) {
        }
        ::_exit(result);
    }
    int status = 0;
    ::waitpid(child, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

// Appends until it fails; then everything must fail the same way, and the journal must say so. Number of
// durable appends, or -1.
int fill(const fs::path& folder, int expected_errno, bool on_this_thread) {
    MemorySink registry;
    MemorySink audit;
    Options options;
    options.worth_waiting_for = std::chrono::hours(1);
    Journal journal(folder, registry, audit, options);
    const auto append = [&](std::vector<Entry> entries) {
        return on_this_thread ? journal.write_now(entries).value() : append_and_wait(journal, entries);
    };
    int durable = 0;
    ErrorCode error;
    while (!(error = append({registry_entry(std::string(1000, 'x')), audit_entry("a")}))) ++durable;
    const bool same = append({audit_entry("later")}) == error;
    const bool right = error == ErrorCode(expected_errno, boost::system::system_category());
    const bool said = !journal.healthy() && journal.failure().find(error.message()) != std::string::npos;
    return same && right && said ? durable : -1;
}

// All that was durable, and nothing that was appended after the failure. What was being appended may be
// there.
bool holds(const fs::path& folder, int durable) {
    MemorySink registry;
    MemorySink audit;
    Journal journal(folder, registry, audit);
    const auto count = static_cast<int>(registry.applied().size());
    if (audit.applied().size() != registry.applied().size()) return false;
    return (count == durable || count == durable + 1) && !append_and_wait(journal, {audit_entry("again")});
}

}  // namespace

TEST_CASE("A journal that cannot grow fails every append, and loses nothing that was durable") {
    const bool on_this_thread = GENERATE(false, true);
    const TemporaryFolder folder;
    REQUIRE(in_child([&] {
                ::signal(SIGXFSZ, SIG_IGN);
                struct rlimit limit {};
                ::getrlimit(RLIMIT_FSIZE, &limit);
                const auto unlimited = limit.rlim_cur;
                limit.rlim_cur = 100'000;
                ::setrlimit(RLIMIT_FSIZE, &limit);
                const int durable = fill(folder / "journal", EFBIG, on_this_thread);
                limit.rlim_cur = unlimited;
                ::setrlimit(RLIMIT_FSIZE, &limit);
                return durable > 50 && durable < 100 && holds(folder / "journal", durable) ? 0 : 1;
            }) == 0);
}

TEST_CASE("A full file system fails every append, and after making room the journal goes on") {
    const bool on_this_thread = GENERATE(false, true);
    const TemporaryFolder folder;
    fs::create_directory(folder / "disk");
    const int result = in_child([&] {
        if (::unshare(CLONE_NEWNS) != 0 || ::mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0 ||
            ::mount("none", (folder / "disk").c_str(), "tmpfs", 0, "size=1m") != 0)
            return cannot_try;
        { std::ofstream(folder / "disk/ballast") << std::string(500'000, 'b'); }
        const int durable = fill(folder / "disk/journal", ENOSPC, on_this_thread);
        fs::remove(folder / "disk/ballast");
        return durable > 100 && holds(folder / "disk/journal", durable) ? 0 : 1;
    });
    if (result == cannot_try) WARN("not tried: no right to mount a file system");
    REQUIRE((result == 0 || result == cannot_try));
}
