// A loaded codec that fails: the object is given up, and nothing that it failed at goes out.

#include <catch2/catch.hpp>

#include "gateway/image/error.hpp"
#include "tests/image/objects.hpp"
#include "tests/image/pixels.hpp"

using namespace portcullis;
using namespace portcullis::image;
using namespace portcullis::image::test;

namespace {

constexpr std::uint64_t never = UINT64_MAX;

/// `none`, until it comes to these units.
class Failing final : public codec::UnitCipher {
  public:
    Failing(std::uint64_t encrypting, std::uint64_t decrypting)
        : encrypting_(encrypting), decrypting_(decrypting) {}
    void encrypt(std::span<std::uint8_t>, std::uint64_t number) override { fail_at(encrypting_, number); }
    void decrypt(std::span<std::uint8_t>, std::uint64_t number) override { fail_at(decrypting_, number); }

  private:
    static void fail_at(std::uint64_t wanted, std::uint64_t number) {
        if (number == wanted) throw std::runtime_error("codec failing failed");
    }
    const std::uint64_t encrypting_;
    const std::uint64_t decrypting_;
};

codec::Codec failing(std::uint64_t encrypting, std::uint64_t decrypting) {
    return {"failing", 1, 0, [=](auto) { return std::make_unique<Failing>(encrypting, decrypting); }};
}

codec::Codec never_made() {
    return {"failing", 1, 0, [](auto) -> std::unique_ptr<codec::UnitCipher> {
                throw std::runtime_error("codec failing makes no cipher");
            }};
}

}  // namespace

TEST_CASE("a codec that fails while it seals lets out what it sealed before, and no envelope") {
    const std::uint64_t unit = GENERATE(0, 1, 2);
    Gate gate;
    gate.codec = failing(unit, never);
    const Bytes object = native_image(true).bytes;
    const Range pixels = pixel_ranges({true}, object).front();
    const auto result = gate.seal(explicit_le, object, GENERATE(uncut, std::size_t{997}));
    CHECK(result.error == errc::sealing_failed);
    CHECK(result.detail == "codec failing failed");
    CHECK(result.bytes.size() == pixels.offset + unit * codec::unit_size);
    CHECK(result.sealed.envelope.empty());
}

TEST_CASE("a codec that makes no cipher seals nothing") {
    Gate gate;
    gate.codec = never_made();
    const auto result = gate.seal(explicit_le, native_image(true).bytes);
    CHECK(result.error == errc::sealing_failed);
    CHECK(result.detail == "codec failing makes no cipher");
}

TEST_CASE("a codec that fails while it opens lets out what it opened before") {
    const std::uint64_t unit = GENERATE(0, 1, 2);
    Gate gate;
    const Bytes object = native_image(true).bytes;
    gate.codec = failing(never, unit);
    const auto sealed = gate.seal(explicit_le, object);
    const auto result =
        gate.open(explicit_le, sealed.bytes, {sealed.sealed.envelope}, GENERATE(uncut, std::size_t{997}));
    CHECK(result.error == errc::not_openable);
    CHECK(result.detail == "codec failing failed");
    CHECK(result.released == (unit > 0));
    CHECK(result.bytes.size() <= pixel_ranges({true}, object).front().offset + unit * codec::unit_size);
}

TEST_CASE("a codec that makes no cipher opens nothing") {
    Gate gate;
    gate.codec = failing(never, never);
    const auto sealed = gate.seal(explicit_le, native_image(true).bytes);
    REQUIRE_FALSE(sealed.error);
    gate.codec = never_made();
    const auto result = gate.open(explicit_le, sealed.bytes, {sealed.sealed.envelope});
    CHECK(result.error == errc::not_openable);
    CHECK(result.detail == "codec failing makes no cipher");
    CHECK_FALSE(result.released);
}
