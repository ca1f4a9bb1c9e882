#include "gateway/audit/merkle.hpp"

#include <openssl/evp.h>

#include <boost/algorithm/hex.hpp>
#include <initializer_list>
#include <iterator>
#include <memory>
#include <span>
#include <stdexcept>

#include "gateway/base/bytes.hpp"

namespace portcullis::audit {

namespace {

Hash sha256(std::initializer_list<ByteView> parts) {
    struct Free {
        void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
    };
    thread_local const std::unique_ptr<EVP_MD_CTX, Free> context(EVP_MD_CTX_new());
    Hash hash;
    bool ok = context && EVP_DigestInit_ex(context.get(), EVP_sha256(), nullptr) == 1;
    for (const auto part : parts) ok = ok && EVP_DigestUpdate(context.get(), part.data(), part.size()) == 1;
    if (!ok || EVP_DigestFinal_ex(context.get(), hash.data(), nullptr) != 1)
        throw std::runtime_error("OpenSSL: SHA-256 failed");
    return hash;
}

Hash node_hash(const Hash& left, const Hash& right) {
    constexpr std::uint8_t prefix[] = {1};
    return sha256({prefix, left, right});
}

}  // namespace

Hash leaf_hash(std::string_view data) {
    constexpr std::uint8_t prefix[] = {0};
    return sha256({prefix, as_bytes(data)});
}

std::string hex(const Hash& hash) {
    std::string text;
    boost::algorithm::hex_lower(hash.begin(), hash.end(), std::back_inserter(text));
    return text;
}

bool unhex(std::string_view text, Hash& hash) {
    if (text.size() != 2 * hash.size()) return false;
    try {
        boost::algorithm::unhex(text.begin(), text.end(), hash.begin());
        return true;
    } catch (const boost::algorithm::hex_decode_error&) {
        return false;
    }
}

void MerkleTree::add(const Hash& leaf) {
    Subtree subtree{0, leaf};
    while (!complete_.empty() && complete_.back().height == subtree.height) {
        subtree = {subtree.height + 1, node_hash(complete_.back().hash, subtree.hash)};
        complete_.pop_back();
    }
    complete_.push_back(subtree);
}

Hash MerkleTree::root() const {
    if (complete_.empty()) return sha256({});
    Hash hash = complete_.back().hash;
    for (auto left = complete_.rbegin() + 1; left != complete_.rend(); ++left)
        hash = node_hash(left->hash, hash);
    return hash;
}

}  // namespace portcullis::audit
