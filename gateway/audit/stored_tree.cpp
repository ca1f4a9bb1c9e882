#include "gateway/audit/stored_tree.hpp"

#include <bit>

#include "gateway/audit/files.hpp"
#include "gateway/audit/reader.hpp"

namespace portcullis::audit {

namespace fs = std::filesystem;

namespace {

/// Where a tree of so many leaves, two or more, is divided.
std::uint64_t left_part(std::uint64_t leaves) {
    return std::bit_floor(leaves - 1);
}

bool is_complete(std::uint64_t begin, std::uint64_t leaves) {
    return std::has_single_bit(leaves) && begin % leaves == 0;
}

}  // namespace

StoredTree::StoredTree(const fs::path& folder, Blocks blocks) : folder_(folder) {
    const auto files = all_files(folder);
    if (!files.empty() && files.front().first > 1) {
        const auto path = index_path(files.front().path);
        const auto index = Index::open(path, files.front().first);
        if (!index)
            journal::fail(path, "is missing or damaged, and the records before " +
                                    std::to_string(files.front().first) + " are not here; restore it");
        before_ = index->before().tree;
    }
    first_block_ = before_.size() / block_leaves;
    if (blocks == Blocks::computed || !take_indexed()) compute();
}

bool StoredTree::take_indexed() {
    for (const auto& [first, path] : all_files(folder_)) {
        const auto index = Index::open(index_path(path), first);
        if (!index || index->first_block() != first_block_ + blocks_.size()) return false;
        for (std::uint64_t i = 0; i < index->blocks(); ++i) blocks_.push_back(index->block(i).hash);
    }
    return true;
}

void StoredTree::compute() {
    blocks_.clear();
    MerkleTree tree = before_;
    Reader reader(folder_, before_.size() + 1);
    while (const auto line = reader.next()) {
        const auto hashes = hashes_of(*line);
        tree.add(hashes ? hashes->hash : Hash{});
        if (tree.size() % block_leaves == 0) blocks_.push_back(tree.last_block());
    }
}

Hash StoredTree::of_lines(std::uint64_t begin, std::uint64_t end) const {
    MerkleTree tree;
    Reader reader(folder_, begin + 1);
    for (auto record = begin + 1; record <= end; ++record) {
        const auto line = reader.position() == record ? reader.next() : std::nullopt;
        const auto hashes = line ? hashes_of(*line) : std::nullopt;
        if (!hashes || hashes->seq != record)
            throw std::runtime_error(folder_.string() + ": record " + std::to_string(record) +
                                     " is not here, or damaged; see portcullis audit verify");
        tree.add(hashes->hash);
    }
    return tree.root();
}

// A complete subtree of those that the tree of the records before consists of.
Hash StoredTree::of_archived(std::uint64_t begin, std::uint64_t end) const {
    std::uint64_t at = 0;
    auto hash = before_.frontier();
    for (std::size_t i = 0; i < hash.size(); ++i) {
        const auto leaves = std::bit_floor(before_.size() - at);
        if (at == begin && at + leaves == end) return hash[i];
        at += leaves;
    }
    throw std::runtime_error(folder_.string() + ": records " + std::to_string(begin + 1) + " to " +
                             std::to_string(end) + " were moved away; bring them back");
}

Hash StoredTree::root(std::uint64_t begin, std::uint64_t end) const {
    const auto leaves = end - begin;
    if (leaves == 0) return MerkleTree().root();
    if (is_complete(begin, leaves) && begin >= before_.size() / block_leaves * block_leaves) {
        const auto block = begin / block_leaves - first_block_;
        if (leaves == block_leaves && block < blocks_.size()) return blocks_[block];
        if (leaves <= block_leaves && begin >= before_.size()) return of_lines(begin, end);
    }
    if (is_complete(begin, leaves) && end <= before_.size()) return of_archived(begin, end);
    if (leaves == 1) return of_lines(begin, end);
    const auto middle = begin + left_part(leaves);
    return node_hash(root(begin, middle), root(middle, end));
}

std::vector<Hash> StoredTree::path(std::uint64_t leaf, std::uint64_t size) const {
    std::vector<Hash> path;
    std::uint64_t begin = 0;
    std::uint64_t end = size;
    while (end - begin > 1) {
        const auto middle = begin + left_part(end - begin);
        if (leaf < middle) {
            path.insert(path.begin(), root(middle, end));
            end = middle;
        } else {
            path.insert(path.begin(), root(begin, middle));
            begin = middle;
        }
    }
    return path;
}

std::optional<Hash> root_of_path(const Hash& leaf, std::uint64_t index, std::uint64_t size,
                                 const std::vector<Hash>& path) {
    if (index >= size) return std::nullopt;
    std::uint64_t last = size - 1;
    Hash hash = leaf;
    for (const auto& sibling : path) {
        if (last == 0) return std::nullopt;
        if (index % 2 == 1 || index == last) {
            hash = node_hash(sibling, hash);
            // Up to where it is not the last of an uneven number, which has no sibling.
            while (index % 2 == 0 && index != 0) index /= 2, last /= 2;
        } else {
            hash = node_hash(hash, sibling);
        }
        index /= 2;
        last /= 2;
    }
    if (last != 0) return std::nullopt;
    return hash;
}

}  // namespace portcullis::audit
