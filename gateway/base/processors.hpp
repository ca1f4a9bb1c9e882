#pragma once
// How many processors this process may use, which in a container are fewer than the machine has.

#include <filesystem>
#include <optional>

namespace portcullis {

/// What Linux's control groups allow the process at most, in processors: cpu.max of version 2, and
/// cpu.cfs_quota_us of version 1, of its own group and all above it. Nothing: no limit, or none that can be
/// read. `root`: where /proc and /sys are.
std::optional<double> processor_quota(const std::filesystem::path& root = "/");

/// Those that the calling thread may run on (its affinity): at least 1.
unsigned processors_here();

/// Those of the affinity and the quota at the first call, without a part of one; at least 1.
unsigned processors();

}  // namespace portcullis
