#include "gateway/base/processors.hpp"

#include <sched.h>

#include <catch2/catch.hpp>
#include <fstream>
#include <string>
#include <thread>

#include "tests/support/temporary_folder.hpp"

using portcullis::processor_quota;
using portcullis::support::TemporaryFolder;
namespace fs = std::filesystem;

namespace {

void write(const fs::path& path, const std::string& text) {
    fs::create_directories(path.parent_path());
    std::ofstream(path) << text;
}

}  // namespace

TEST_CASE("The quota of a process is the least of its control group and those above it") {
    const TemporaryFolder folder;
    const fs::path& root = folder.path();
    const fs::path groups = root / "sys/fs/cgroup";
    SECTION("none is known") {
        REQUIRE_FALSE(processor_quota(root));
    }
    SECTION("version 2") {
        write(root / "proc/self/cgroup", "0::/machine/gateway\n");
        write(groups / "machine/cpu.max", "max 100000\n");
        REQUIRE_FALSE(processor_quota(root));
        write(groups / "machine/gateway/cpu.max", "150000 100000\n");
        REQUIRE(processor_quota(root) == 1.5);
        write(groups / "machine/cpu.max", "50000 100000\n");
        REQUIRE(processor_quota(root) == 0.5);
    }
    SECTION("version 1") {
        write(root / "proc/self/cgroup", "3:cpuset:/\n2:cpu,cpuacct:/gateway\n1:name=systemd:/gateway\n");
        write(groups / "cpuset/cpu.cfs_quota_us", "10000\n");  // is of no hierarchy that has quotas
        write(groups / "cpuset/cpu.cfs_period_us", "100000\n");
        write(groups / "cpu,cpuacct/gateway/cpu.cfs_period_us", "100000\n");
        write(groups / "cpu,cpuacct/gateway/cpu.cfs_quota_us", "-1\n");
        REQUIRE_FALSE(processor_quota(root));
        write(groups / "cpu,cpuacct/gateway/cpu.cfs_quota_us", "200000\n");
        REQUIRE(processor_quota(root) == 2.0);
        write(groups / "cpu,cpuacct/cpu.cfs_period_us", "50000\n");
        write(groups / "cpu,cpuacct/cpu.cfs_quota_us", "75000\n");
        REQUIRE(processor_quota(root) == 1.5);
    }
    SECTION("a container that sees its own group as the root") {
        write(root / "proc/self/cgroup", "0::/docker/0123\n");
        write(groups / "cpu.max", "25000 100000\n");
        REQUIRE(processor_quota(root) == 0.25);
    }
    SECTION("what is no number") {
        write(root / "proc/self/cgroup", "0::/gateway\nno line of it\n");
        write(groups / "gateway/cpu.max", "a lot\n");
        REQUIRE_FALSE(processor_quota(root));
    }
}

TEST_CASE("Processors that a thread may not run on do not count") {
    std::jthread([] {
        cpu_set_t all, one;
        CHECK(::sched_getaffinity(0, sizeof all, &all) == 0);
        CHECK(portcullis::processors_here() == static_cast<unsigned>(CPU_COUNT(&all)));
        std::size_t first = 0;
        while (!CPU_ISSET(first, &all)) ++first;
        CPU_ZERO(&one);
        CPU_SET(first, &one);
        CHECK(::sched_setaffinity(0, sizeof one, &one) == 0);
        CHECK(portcullis::processors_here() == 1);
    }).join();
    REQUIRE(portcullis::processors() >= 1);
    REQUIRE(portcullis::processors() <= portcullis::processors_here());
}
