#include "gateway/base/processors.hpp"

#include <sched.h>

#include <algorithm>
#include <fstream>
#include <string>
#include <thread>

namespace portcullis {

namespace fs = std::filesystem;

namespace {

struct Limit {
    double quota = 0;  // microseconds in each period
    double period = 0;
};

/// Version 2: "QUOTA PERIOD" or "max PERIOD".
Limit read_cpu_max(const fs::path& group) {
    Limit limit;
    std::ifstream(group / "cpu.max") >> limit.quota >> limit.period;
    return limit;
}

/// Version 1: a quota of -1 is none.
Limit read_cfs_quota(const fs::path& group) {
    Limit limit;
    std::ifstream(group / "cpu.cfs_quota_us") >> limit.quota;
    std::ifstream(group / "cpu.cfs_period_us") >> limit.period;
    return limit;
}

/// Of a group and all above it. Those that a container does not see are passed over.
template <class Read>
void lower(std::optional<double>& least, const fs::path& hierarchy, fs::path group, Read read) {
    for (group = group.relative_path();; group = group.parent_path()) {
        const Limit limit = read(hierarchy / group);
        if (limit.quota > 0 && limit.period > 0) {
            const double allowed = limit.quota / limit.period;
            least = std::min(least.value_or(allowed), allowed);
        }
        if (group.empty()) return;
    }
}

bool is_one_of(const std::string& controllers, const std::string& name) {
    return ("," + controllers + ",").find("," + name + ",") != std::string::npos;
}

}  // namespace

/// Lines are "NUMBER:CONTROLLERS:GROUP" (cgroups(7)); that of version 2 names no controllers.
std::optional<double> processor_quota(const fs::path& root) {
    std::optional<double> least;
    std::ifstream groups(root / "proc/self/cgroup");
    for (std::string number, controllers, group; std::getline(groups, number, ':') &&
                                                 std::getline(groups, controllers, ':') &&
                                                 std::getline(groups, group);) {
        if (controllers.empty())
            lower(least, root / "sys/fs/cgroup", group, read_cpu_max);
        else if (is_one_of(controllers, "cpu"))
            lower(least, root / "sys/fs/cgroup" / controllers, group, read_cfs_quota);
    }
    return least;
}

/// std::thread::hardware_concurrency() tells those of the machine.
unsigned processors_here() {
    cpu_set_t set;
    if (::sched_getaffinity(0, sizeof set, &set) == 0) return static_cast<unsigned>(CPU_COUNT(&set));
    return std::max(1U, std::thread::hardware_concurrency());  // more than the set can name
}

unsigned processors() {
    static const unsigned allowed = [] {
        const unsigned here = processors_here();
        const double quota = processor_quota().value_or(here);
        return std::max(1U, static_cast<unsigned>(std::min<double>(here, quota)));
    }();
    return allowed;
}

}  // namespace portcullis
