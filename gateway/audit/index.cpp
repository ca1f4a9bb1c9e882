#include "gateway/audit/index.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <bit>

#include "gateway/base/bytes.hpp"

namespace portcullis::audit {

namespace fs = std::filesystem;
using journal::fail;
using journal::File;

namespace {

constexpr std::string_view magic = "PTCLIDX1";
constexpr std::size_t fixed_bytes = 48;  // of the header, before the subtrees
constexpr std::size_t hash_bytes = 32;
constexpr std::size_t entry_bytes = 40;

void append_number(std::string& out, std::uint64_t value) {
    for (int shift = 56; shift >= 0; shift -= 8) out.push_back(static_cast<char>(value >> shift));
}

std::uint64_t number_at(std::string_view bytes) {
    const auto* p = as_bytes(bytes).data();
    return std::uint64_t{load_be32(p)} << 32 | load_be32(p + 4);
}

void append_hash(std::string& out, const Hash& hash) {
    out.append(as_text(hash));
}

Hash hash_at(std::string_view bytes) {
    Hash hash;
    const auto from = as_bytes(bytes.substr(0, hash_bytes));
    std::copy(from.begin(), from.end(), hash.begin());
    return hash;
}

std::uint64_t header_bytes(std::uint64_t first) {
    return fixed_bytes + hash_bytes * static_cast<std::size_t>(std::popcount(first - 1));
}

std::uint64_t blocks_up_to(std::uint64_t first, std::uint64_t records) {
    return records / block_leaves - (first - 1) / block_leaves;
}

}  // namespace

std::optional<Index> Index::open(const fs::path& path, std::uint64_t first) {
    if (first == 0 || !fs::exists(path)) return std::nullopt;
    File file(path, O_RDONLY);
    std::string header(header_bytes(first), '\0');
    if (file.read_at(0, header) != header.size() || !header.starts_with(magic) ||
        number_at(std::string_view(header).substr(magic.size())) != first)
        return std::nullopt;
    std::vector<Hash> frontier;
    for (std::size_t at = fixed_bytes; at < header.size(); at += hash_bytes)
        frontier.push_back(hash_at(std::string_view(header).substr(at)));
    State before{{first - 1, hash_at(std::string_view(header).substr(fixed_bytes - hash_bytes))},
                 *MerkleTree::resume(first - 1, frontier)};
    const auto blocks = (file.size() - header.size()) / entry_bytes;
    return Index(std::move(file), std::move(before), header.size(), blocks);
}

Index::Block Index::block(std::uint64_t place) const {
    std::string entry(entry_bytes, '\0');
    if (file_.read_at(header_bytes_ + place * entry_bytes, entry) != entry.size()) return {};
    return {number_at(entry), hash_at(std::string_view(entry).substr(8))};
}

bool Index::reaches(std::uint64_t last) const {
    return blocks_ >= blocks_up_to(first(), last);
}

std::uint64_t Index::offset_before(std::uint64_t seq) const {
    const auto ended = seq == 0 ? 0 : std::min(blocks_up_to(first(), seq - 1), blocks_);
    return ended == 0 ? 0 : block(ended - 1).end;
}

IndexWriter::IndexWriter(const fs::path& path, const State& before)
    : path_(path),
      file_(path, O_RDWR | O_CREAT | O_TRUNC | O_NOFOLLOW),
      end_(header_bytes(before.head.records + 1)) {
    std::string header(magic);
    append_number(header, before.head.records + 1);
    append_hash(header, before.head.hash);
    for (const auto& hash : before.tree.frontier()) append_hash(header, hash);
    if (const ErrorCode error = file_.write_at(0, header)) fail(path_, "cannot be written", error);
}

std::optional<IndexWriter> IndexWriter::resume(const fs::path& path, std::uint64_t first,
                                               std::uint64_t records) {
    const auto index = Index::open(path, first);
    if (!index || index->blocks() < blocks_up_to(first, records)) return std::nullopt;
    const auto end = header_bytes(first) + blocks_up_to(first, records) * entry_bytes;
    File file(path, O_RDWR | O_NOFOLLOW);
    if (::ftruncate(file.descriptor(), static_cast<off_t>(end)) != 0)
        fail(path, "cannot be cut to what is durable", journal::last_error());
    return IndexWriter(path, std::move(file), end);
}

void IndexWriter::add(const MerkleTree& tree, std::uint64_t end) {
    if (tree.size() % block_leaves != 0) return;
    append_number(added_, end);
    append_hash(added_, tree.last_block());
}

void IndexWriter::flush() {
    if (added_.empty()) return;
    if (const ErrorCode error = file_.write_at(end_, added_)) fail(path_, "cannot be written", error);
    end_ += added_.size();
    added_.clear();
}

void IndexWriter::sync() {
    flush();
    if (const ErrorCode error = file_.sync()) fail(path_, "cannot be synced", error);
}

}  // namespace portcullis::audit
