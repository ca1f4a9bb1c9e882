// Two readings of one object are held until one verifies; where there is no room for that, the disk is to
// blame, not the object.

#include "gateway/image/recode.hpp"
#include "tests/image/compress.hpp"

using namespace portcullis;
using namespace portcullis::image;
using namespace portcullis::image::test;

namespace {

const ErrorCode no_such_folder(ENOENT, boost::system::system_category());
constexpr std::size_t more_than_is_held = 1024 * 1024;  // bytes in memory

/// 1.2 MB in two frames.
const Kind colours = {.rows = 400, .columns = 500, .samples = 3, .bits = 8, .frames = 2};

/// With a header that is held on the disk until its envelope is known.
Bytes with_long_header(const Bytes& native) {
    const Bytes place = DataSet(true).us(0x00280002, 3).bytes;
    const auto at = std::search(native.begin(), native.end(), place.begin(), place.end());
    REQUIRE(at != native.end());
    Bytes result(native.begin(), at);
    append(result, DataSet(true).element(0x00204000, "UT", Bytes(more_than_is_held, 'x')).bytes);
    result.insert(result.end(), at, native.end());
    return result;
}

/// As an archive that puts colours by plane, or back by pixel.
Bytes with_planes_swapped(const Bytes& data_set) {
    const auto swapper = make_plane_swapper(explicit_le);
    ByteCollector swapped;
    REQUIRE(swapper->push(data_set, swapped));
    REQUIRE(swapper->finish(swapped));
    return std::move(swapped.collected);
}

/// It opens, and without a disk the disk is blamed.
void check_blames_the_disk(const TransferSyntax& transfer_syntax, const Bytes& returned,
                           const std::vector<Bytes>& envelopes, std::size_t piece) {
    Gate gate;
    const auto opened = gate.open(transfer_syntax, returned, envelopes, piece);
    INFO(opened.detail);
    REQUIRE_FALSE(opened.error);
    gate.spool_folder = "/no/such/folder";
    const auto failed = gate.open(transfer_syntax, returned, envelopes, piece);
    CHECK(failed.error == no_such_folder);
    CHECK(failed.detail.find("cannot be held") != std::string::npos);
    CHECK(failed.bytes.empty());
}

}  // namespace

TEST_CASE("where what two readings let out cannot be held, the disk is blamed") {
    Gate gate;
    const auto sealed = gate.seal(explicit_le, native_of(colours));
    REQUIRE_FALSE(sealed.error);
    check_blames_the_disk(explicit_le, sealed.bytes, {sealed.sealed.envelope}, uncut);
    check_blames_the_disk(explicit_le, with_planes_swapped(sealed.bytes), {sealed.sealed.envelope}, uncut);
}

TEST_CASE("where the header cannot be held for the right reading, the wrong one does not blame the object") {
    const auto piece = GENERATE(uncut, std::size_t{64 * 1024});
    const bool swapped = GENERATE(false, true);
    Gate gate;
    const auto sealed = gate.seal(explicit_le, with_long_header(native_of(colours)));
    REQUIRE_FALSE(sealed.error);
    check_blames_the_disk(explicit_le, swapped ? with_planes_swapped(sealed.bytes) : sealed.bytes,
                          {sealed.sealed.envelope}, piece);
}
