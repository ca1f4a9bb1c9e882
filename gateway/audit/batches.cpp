#include "gateway/audit/batches.hpp"

#include <algorithm>

#include "gateway/audit/lines.hpp"
#include "gateway/base/processors.hpp"

namespace portcullis::audit {

namespace {

constexpr std::size_t batch_bytes = std::size_t{1} << 20;

std::unique_ptr<Batch> hashed(std::string bytes) {
    auto batch = std::make_unique<Batch>();
    batch->bytes = std::move(bytes);
    const std::string_view all = batch->bytes;
    for (std::size_t at = 0; at < all.size();) {
        const auto feed = all.find('\n', at);
        const auto line = all.substr(at, feed - at);
        batch->lines.push_back(line);
        batch->hashes.push_back(hashes_of(line));
        at = feed + 1;
    }
    return batch;
}

}  // namespace

BatchReader::BatchReader(const journal::File& file, std::uint64_t begin, std::uint64_t end)
    : file_(file), offset_(begin), read_(begin), end_(end) {}

// Whole lines, of about so many bytes; empty: there are none.
std::string BatchReader::read() {
    std::string bytes;
    for (std::size_t size = batch_bytes; size <= 2 * max_line_bytes; size *= 2) {
        const auto had = bytes.size();
        bytes.resize(std::min<std::uint64_t>(size, end_ - read_));
        bytes.resize(had + file_.read_at(read_ + had, std::span(bytes).subspan(had)));
        const auto feed = bytes.rfind('\n');
        if (feed != std::string::npos) {
            bytes.resize(feed + 1);
            read_ += bytes.size();
            return bytes;
        }
        if (bytes.size() < size) break;
    }
    return {};
}

std::unique_ptr<const Batch> BatchReader::next() {
    const std::size_t ahead = std::max(2u, processors()) + 1;
    while (begun_.size() < ahead) {
        std::string bytes = read();
        if (bytes.empty()) break;
        // A thread is not worth it for the only one.
        const auto how = begun_.empty() && read_ == end_ ? std::launch::deferred : std::launch::async;
        begun_.push_back(std::async(how, hashed, std::move(bytes)));
    }
    if (begun_.empty()) return nullptr;
    auto batch = begun_.front().get();
    begun_.pop_front();
    offset_ += batch->bytes.size();
    return batch;
}

}  // namespace portcullis::audit
