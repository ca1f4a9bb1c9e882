#include <algorithm>
#include <catch2/catch.hpp>
#include <new>
#include <type_traits>

#include "codec/secret.hpp"

using namespace portcullis::codec;

static_assert(!std::is_copy_constructible_v<Secret<32>> && !std::is_copy_assignable_v<Secret<32>>);
static_assert(!std::is_copy_constructible_v<SecretBytes> && !std::is_copy_assignable_v<SecretBytes>);
static_assert(std::is_nothrow_move_constructible_v<Secret<32>>);

namespace {

std::array<std::uint8_t, 32> sample() {
    std::array<std::uint8_t, 32> bytes;
    bytes.fill(0xA5);
    return bytes;
}

bool is_zero(std::span<const std::uint8_t> bytes) {
    return std::all_of(bytes.begin(), bytes.end(), [](auto byte) { return byte == 0; });
}

}  // namespace

TEST_CASE("a secret leaves nothing where it lay") {
    const auto bytes = sample();
    alignas(Secret<32>) std::array<std::uint8_t, sizeof(Secret<32>)> storage;
    auto* secret = new (storage.data()) Secret<32>{std::span<const std::uint8_t, 32>(bytes)};
    REQUIRE(std::ranges::equal(secret->view(), sample()));
    secret->~Secret();
    const volatile std::uint8_t* after = storage.data();
    for (std::size_t i = 0; i < storage.size(); ++i) CHECK(after[i] == 0);
}

TEST_CASE("a secret that moved leaves zeros behind") {
    const auto bytes = sample();
    Secret<32> from{std::span<const std::uint8_t, 32>(bytes)};
    Secret<32> to(std::move(from));
    CHECK(is_zero(from.view()));
    CHECK(std::ranges::equal(to.view(), sample()));

    Secret<32> assigned;
    assigned = std::move(to);
    CHECK(is_zero(to.view()));
    CHECK(std::ranges::equal(assigned.view(), sample()));
}

TEST_CASE("secret bytes move without a copy") {
    SecretBytes from(64);
    std::ranges::fill(from.fill(), std::uint8_t{7});
    const auto* where = from.view().data();
    SecretBytes to(std::move(from));
    CHECK(to.view().data() == where);
    CHECK(from.view().empty());
}

TEST_CASE("wiping clears every byte") {
    auto bytes = sample();
    wipe(bytes);
    CHECK(is_zero(bytes));
}

TEST_CASE("comparison in constant time compares") {
    const auto a = sample();
    auto b = sample();
    CHECK(equal_in_constant_time(a, b));
    b[31] ^= 1;
    CHECK_FALSE(equal_in_constant_time(a, b));
    CHECK_FALSE(equal_in_constant_time(a, std::span(a).first(31)));
    CHECK(equal_in_constant_time({}, {}));
}

TEST_CASE("random bytes fill all that is asked for, and differ") {
    std::array<std::uint8_t, 1000> a{}, b{};
    REQUIRE(fill_random(a));
    REQUIRE(fill_random(b));
    CHECK(a != b);
    CHECK_FALSE(is_zero(std::span(a).last(16)));
}
