#include "tests/support/leak.hpp"

#include <algorithm>
#include <bit>
#include <cstring>

namespace portcullis::judge {
namespace {

constexpr std::size_t unit_size = 256 * 1024;

std::uint64_t window_hash(const std::uint8_t* at) {
    std::uint64_t low, high;
    std::memcpy(&low, at, sizeof low);
    std::memcpy(&high, at + sizeof low, sizeof high);
    std::uint64_t hash = (low ^ std::rotl(high, 29)) * 0x9E3779B97F4A7C15u;
    hash = (hash ^ (hash >> 32) ^ high) * 0xD6E8FEB86659FD93u;
    return hash ^ (hash >> 32);
}

bool is_one_value(const std::uint8_t* at, std::size_t sample_size) {
    return std::equal(at, at + window - sample_size, at + sample_size);
}

std::size_t window_count(std::span<const std::uint8_t> bytes) {
    return bytes.size() < window ? 0 : bytes.size() - window + 1;
}

bool holds(std::span<const std::uint8_t> bytes, const std::uint8_t* run) {
    return std::search(bytes.begin(), bytes.end(), run, run + window) != bytes.end();
}

/// A set of hashes that may answer yes wrongly, about once in 16, never no.
class Filter {
  public:
    explicit Filter(std::size_t expected)
        : shift_(64 - static_cast<int>(std::bit_width(std::max<std::size_t>(expected, 64) * 16))),
          words_(std::size_t{1} << (64 - shift_ - 6)) {}
    void insert(std::uint64_t hash) { words_[hash >> (shift_ + 6)] |= bit(hash); }
    bool contains(std::uint64_t hash) const { return (words_[hash >> (shift_ + 6)] & bit(hash)) != 0; }

  private:
    std::uint64_t bit(std::uint64_t hash) const { return std::uint64_t{1} << ((hash >> shift_) & 63); }
    int shift_;
    std::vector<std::uint64_t> words_;
};

}  // namespace

std::optional<Match> common_run(std::span<const std::uint8_t> original, std::span<const std::uint8_t> stored,
                                std::size_t sample_size, std::span<const std::uint8_t> readable) {
    Filter filter(window_count(original));
    for (std::size_t i = 0; i < window_count(original); ++i)
        if (!is_one_value(&original[i], sample_size)) filter.insert(window_hash(&original[i]));

    struct Candidate {
        std::uint64_t hash;
        std::size_t offset;
    };
    std::vector<Candidate> candidates;
    for (std::size_t i = 0; i < window_count(stored); ++i)
        if (const std::uint64_t hash = window_hash(&stored[i]); filter.contains(hash))
            candidates.push_back({hash, i});
    const auto by_hash = [](const Candidate& a, const Candidate& b) { return a.hash < b.hash; };
    std::sort(candidates.begin(), candidates.end(), by_hash);

    for (std::size_t i = 0; i < window_count(original); ++i) {
        if (is_one_value(&original[i], sample_size)) continue;
        const Candidate sought{window_hash(&original[i]), 0};
        const auto [first, last] = std::equal_range(candidates.begin(), candidates.end(), sought, by_hash);
        const auto match = std::find_if(first, last, [&](const Candidate& candidate) {
            return std::memcmp(&original[i], &stored[candidate.offset], window) == 0;
        });
        if (match != last && !holds(readable, &original[i])) return Match{i, match->offset};
    }
    return std::nullopt;
}

std::optional<std::string> unchanged_unit(const std::vector<Bytes>& original,
                                          const std::vector<Bytes>& stored) {
    if (original.size() != stored.size())
        return std::to_string(original.size()) + " regions became " + std::to_string(stored.size());
    for (std::size_t region = 0; region < original.size(); ++region) {
        const Bytes& a = original[region];
        const Bytes& b = stored[region];
        if (a.size() != b.size())
            return "region " + std::to_string(region) + ": length " + std::to_string(a.size()) + " became " +
                   std::to_string(b.size());
        for (std::size_t start = 0; start < a.size(); start += unit_size) {
            const std::size_t size = std::min(unit_size, a.size() - start);
            std::size_t equal = 0;
            for (std::size_t i = start; i < start + size; ++i) equal += a[i] == b[i] ? 1 : 0;
            if (equal == size || (size >= 4096 && equal * 50 > size))
                return "region " + std::to_string(region) + ", bytes from " + std::to_string(start) + ": " +
                       std::to_string(equal) + " of " + std::to_string(size) + " are unchanged";
        }
    }
    return std::nullopt;
}

}  // namespace portcullis::judge
