#include "codec/path.hpp"

#include <algorithm>

#include "codec/envelope.hpp"

namespace portcullis::codec {

std::strong_ordering Path::operator<=>(const Path& other) const {
    const std::size_t shared = std::min(within.size(), other.within.size());
    for (std::size_t i = 0; i < shared; ++i) {
        if (const auto order = within[i] <=> other.within[i]; order != 0) return order;
    }
    const auto tag_at = [shared](const Path& path) {
        return path.within.size() == shared ? path.tag : path.within[shared].sequence;
    };
    if (const auto order = tag_at(*this) <=> tag_at(other); order != 0) return order;
    return within.size() <=> other.within.size();
}

void write_path(WireWriter& writer, const Path& path) {
    writer.number(static_cast<std::uint8_t>(path.within.size()));
    for (const auto& step : path.within) {
        writer.number(step.sequence);
        writer.varint(step.item);
    }
    writer.number(path.tag);
}

Result<void> read_path(WireReader& reader, Path& path) {
    path.within.clear();
    const auto depth = reader.number<std::uint8_t>();
    if (depth > limits::path_depth) return Failure::over_limit;
    if (depth > 0) path.within.reserve(limits::path_depth);
    for (unsigned i = 0; i < depth; ++i) {
        const auto sequence = reader.number<std::uint32_t>();
        const std::uint64_t item = reader.varint();
        if (!reader.ok() || item > 0xFFFFFFFF) return Failure::malformed;
        path.within.push_back({sequence, static_cast<std::uint32_t>(item)});
    }
    path.tag = reader.number<std::uint32_t>();
    if (!reader.ok()) return Failure::malformed;
    return {};
}

}  // namespace portcullis::codec
