#pragma once
#include <chrono>
#include <cstdint>
#include <filesystem>

namespace portcullis::audit {

/// The number (from 1) of the first record that is not older, or of the one after the last: found by halving,
/// without reading all. Records stand in the order of their times but for what the clock was put back
/// meanwhile. Throws as Reader does.
std::uint64_t first_since(const std::filesystem::path& folder, std::chrono::system_clock::time_point);

}  // namespace portcullis::audit
