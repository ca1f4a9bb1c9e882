#include "gateway/assurance/png.hpp"

#include <zlib.h>

#include <fstream>
#include <stdexcept>
#include <string>

namespace portcullis::assurance {
namespace {

void append_be32(std::string& to, std::uint32_t value) {
    for (int shift = 24; shift >= 0; shift -= 8) to += static_cast<char>(value >> shift);
}

std::string chunk(const std::string& type, const std::string& data) {
    const std::string body = type + data;
    std::string bytes;
    append_be32(bytes, static_cast<std::uint32_t>(data.size()));
    bytes += body;
    append_be32(bytes, static_cast<std::uint32_t>(crc32(0, reinterpret_cast<const Bytef*>(body.data()),
                                                        static_cast<uInt>(body.size()))));
    return bytes;
}

std::string header(const Picture& picture) {
    std::string data;
    append_be32(data, picture.width);
    append_be32(data, picture.height);
    data += '\x08';                                // bits per sample
    data += picture.samples == 3 ? '\x02' : '\0';  // colour type
    data.append(3, '\0');                          // deflate, adaptive filter, not interlaced
    return chunk("IHDR", data);
}

std::string rows(const Picture& picture) {
    const std::size_t row = std::size_t{picture.width} * picture.samples;
    std::string raw;
    for (std::size_t y = 0; y < picture.height; ++y) {
        raw += '\0';  // no filter
        raw.append(reinterpret_cast<const char*>(picture.pixels.data()) + y * row, row);
    }
    uLongf size = compressBound(raw.size());
    std::string packed(size, '\0');
    if (compress(reinterpret_cast<Bytef*>(packed.data()), &size, reinterpret_cast<const Bytef*>(raw.data()),
                 raw.size()) != Z_OK)
        throw std::runtime_error("zlib: cannot compress");
    packed.resize(size);
    return chunk("IDAT", packed);
}

}  // namespace

void write_png(const std::filesystem::path& path, const Picture& picture) {
    std::ofstream file(path, std::ios::binary);
    file << "\x89PNG\r\n\x1a\n" << header(picture) << rows(picture) << chunk("IEND", "");
    if (!file.flush()) throw std::runtime_error(path.string() + ": cannot be written");
}

}  // namespace portcullis::assurance
