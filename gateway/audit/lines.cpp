#include "gateway/audit/lines.hpp"

#include <algorithm>

namespace portcullis::audit {

LineReader::LineReader(const journal::File& file, std::uint64_t begin, std::uint64_t end)
    : file_(file), offset_(begin), end_(end) {}

std::optional<std::string_view> LineReader::next() {
    constexpr std::size_t chunk = 256 * 1024;
    for (std::size_t searched = used_;;) {
        if (const auto feed = buffer_.find('\n', searched); feed != std::string::npos) {
            const std::string_view line = std::string_view(buffer_).substr(used_, feed - used_);
            used_ = feed + 1;
            offset_ += line.size() + 1;
            return line;
        }
        buffer_.erase(0, used_);
        used_ = 0;
        searched = buffer_.size();
        const std::uint64_t read = offset_ + searched;
        if (read >= end_ || searched >= max_line_bytes) return std::nullopt;
        buffer_.resize(searched + std::min<std::uint64_t>(chunk, end_ - read));
        buffer_.resize(searched +
                       file_.read_at(read, std::span(buffer_.data() + searched, buffer_.size() - searched)));
        if (buffer_.size() == searched) return std::nullopt;
    }
}

}  // namespace portcullis::audit
