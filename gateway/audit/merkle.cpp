#include "gateway/audit/merkle.hpp"

#include <openssl/evp.h>

#include <bit>
#include <initializer_list>
#include <memory>
#include <span>
#include <stdexcept>

#include "gateway/base/bytes.hpp"
#include "gateway/base/hex.hpp"

namespace portcullis::audit {

namespace {

Hash sha256(std::initializer_list<ByteView> parts) {
    struct Free {
        void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
    };
    thread_local const std::unique_ptr<EVP_MD_CTX, Free> context(EVP_MD_CTX_new());
    // Named as a constant (EVP_sha256()), OpenSSL 3 would search among its providers at every use.
    static EVP_MD* const algorithm = EVP_MD_fetch(nullptr, "SHA256", nullptr);
    Hash hash;
    bool ok = context && algorithm && EVP_DigestInit_ex2(context.get(), algorithm, nullptr) == 1;
    for (const auto part : parts) ok = ok && EVP_DigestUpdate(context.get(), part.data(), part.size()) == 1;
    if (!ok || EVP_DigestFinal_ex(context.get(), hash.data(), nullptr) != 1)
        throw std::runtime_error("OpenSSL: SHA-256 failed");
    return hash;
}

// Of a digit in lower case; more than 15: it is none.
constexpr unsigned digit(char c) {
    if (c >= '0' && c <= '9') return static_cast<unsigned>(c - '0');
    if (c >= 'a' && c <= 'f') return static_cast<unsigned>(c - 'a') + 10;
    return 16;
}

}  // namespace

Hash sha256(std::string_view data) {
    return sha256({as_bytes(data)});
}

Hash leaf_hash(std::string_view data, std::string_view rest) {
    constexpr std::uint8_t prefix[] = {0};
    return sha256({prefix, as_bytes(data), as_bytes(rest)});
}

Hash node_hash(const Hash& left, const Hash& right) {
    constexpr std::uint8_t prefix[] = {1};
    return sha256({prefix, left, right});
}

std::string hex(const Hash& hash) {
    return portcullis::hex(ByteView(hash));
}

bool unhex(std::string_view text, Hash& hash) {
    if (text.size() != 2 * hash.size()) return false;
    unsigned seen = 0;
    for (std::size_t i = 0; i < hash.size(); ++i) {
        const unsigned high = digit(text[2 * i]);
        const unsigned low = digit(text[2 * i + 1]);
        hash[i] = static_cast<std::uint8_t>(high << 4 | low);
        seen |= high | low;
    }
    return seen < 16;
}

std::optional<MerkleTree> MerkleTree::resume(std::uint64_t size, const std::vector<Hash>& frontier) {
    if (static_cast<std::size_t>(std::popcount(size)) != frontier.size()) return std::nullopt;
    MerkleTree tree;
    tree.size_ = size;
    auto hash = frontier.begin();
    for (unsigned height = 64; height-- > 0;)
        if (size >> height & 1) tree.complete_.push_back({height, *hash++});
    return tree;
}

void MerkleTree::add(const Hash& leaf) {
    Subtree subtree{0, leaf};
    while (!complete_.empty() && complete_.back().height == subtree.height) {
        subtree = {subtree.height + 1, node_hash(complete_.back().hash, subtree.hash)};
        complete_.pop_back();
        if (subtree.height == block_height) last_block_ = subtree.hash;
    }
    complete_.push_back(subtree);
    ++size_;
}

Hash MerkleTree::root() const {
    if (complete_.empty()) return sha256({});
    Hash hash = complete_.back().hash;
    for (auto left = complete_.rbegin() + 1; left != complete_.rend(); ++left)
        hash = node_hash(left->hash, hash);
    return hash;
}

std::vector<Hash> MerkleTree::frontier() const {
    std::vector<Hash> hashes;
    for (const auto& subtree : complete_) hashes.push_back(subtree.hash);
    return hashes;
}

}  // namespace portcullis::audit
