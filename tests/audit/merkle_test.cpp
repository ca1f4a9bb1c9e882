#include "gateway/audit/merkle.hpp"

#include <boost/algorithm/hex.hpp>
#include <catch2/catch.hpp>
#include <vector>

using namespace portcullis::audit;

TEST_CASE(
    "The tree hash is that of RFC 6962, with the leaves and roots of the Certificate Transparency tests") {
    const std::vector<std::string> leaves = {
        "", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f",
    };
    const std::vector<std::string> roots = {
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
        "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
        "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
        "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
        "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
    };
    MerkleTree tree;
    REQUIRE(hex(tree.root()) == roots[0]);
    for (std::size_t i = 0; i < leaves.size(); ++i) {
        tree.add(leaf_hash(boost::algorithm::unhex(leaves[i])));
        REQUIRE(hex(tree.root()) == roots[i + 1]);
    }
}

namespace {
// RFC 6962 2.1 as it is written.
Hash tree_hash(const std::vector<Hash>& leaves) {
    MerkleTree tree;
    if (leaves.size() == 1) return leaves[0];
    std::size_t split = 1;
    while (2 * split < leaves.size()) split *= 2;
    const auto middle = leaves.begin() + static_cast<std::ptrdiff_t>(split);
    tree.add(tree_hash({leaves.begin(), middle}));
    tree.add(tree_hash({middle, leaves.end()}));
    return tree.root();  // of two: the node above them
}
}  // namespace

TEST_CASE("The head computed leaf by leaf is the one of the recursive definition") {
    MerkleTree tree;
    std::vector<Hash> leaves;
    for (int i = 0; i < 130; ++i) {
        leaves.push_back(leaf_hash("leaf " + std::to_string(i)));
        tree.add(leaves.back());
        REQUIRE(tree.root() == tree_hash(leaves));
    }
}

TEST_CASE("Only 64 hex digits are a hash") {
    Hash hash;
    REQUIRE(unhex(std::string(64, 'a'), hash));
    REQUIRE(hex(hash) == std::string(64, 'a'));
    REQUIRE_FALSE(unhex(std::string(62, 'a'), hash));
    REQUIRE_FALSE(unhex(std::string(66, 'a'), hash));
    REQUIRE_FALSE(unhex(std::string(63, 'a') + "x", hash));
}
