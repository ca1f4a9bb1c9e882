#pragma once
// A minimal PNG writer: 8 bits per sample, grey or RGB.

#include <cstdint>
#include <filesystem>
#include <vector>

namespace portcullis::assurance {

struct Picture {
    std::uint32_t width = 0, height = 0;
    std::uint32_t samples = 1;           // 1: grey, 3: RGB interleaved
    std::vector<std::uint8_t> pixels{};  // width * height * samples bytes
};

/// Throws std::runtime_error if the file cannot be written.
void write_png(const std::filesystem::path&, const Picture&);

}  // namespace portcullis::assurance
