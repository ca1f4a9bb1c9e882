#include "gateway/image/transfer_syntax.hpp"

#include <catch2/catch.hpp>

using namespace portcullis;
using image::carried_transfer_syntax;

namespace {
auto syntax(const char* uid) {
    return carried_transfer_syntax(Uid::parse(uid).value());
}
}  // namespace

TEST_CASE("Implicit and Explicit VR Little Endian are carried as native ones") {
    CHECK_FALSE(syntax("1.2.840.10008.1.2")->encoding.explicit_vr);
    CHECK_FALSE(syntax("1.2.840.10008.1.2")->encapsulated);
    CHECK(syntax("1.2.840.10008.1.2.1")->encoding.explicit_vr);
    CHECK_FALSE(syntax("1.2.840.10008.1.2.1")->encapsulated);
}

TEST_CASE("compressed and unknown transfer syntaxes are encapsulated Explicit VR") {
    const auto uid = GENERATE("1.2.840.10008.1.2.4.50", "1.2.840.10008.1.2.4.90", "1.2.840.10008.1.2.5",
                              "1.2.840.10008.1.2.1.98", "1.2.840.10008.1.2.8.1", "1.2.3.4.5");
    INFO(uid);
    REQUIRE(syntax(uid));
    CHECK(syntax(uid)->encoding.explicit_vr);
    CHECK(syntax(uid)->encapsulated);
    CHECK_FALSE(syntax(uid)->deflated);
}

TEST_CASE("the deflated transfer syntax is Explicit VR with native pixels") {
    const auto deflated = syntax("1.2.840.10008.1.2.1.99");
    REQUIRE(deflated);
    CHECK(deflated->deflated);
    CHECK(deflated->encoding.explicit_vr);
    CHECK_FALSE(deflated->encapsulated);
}

TEST_CASE("what this version cannot read in the stream is not carried") {
    const auto uid = GENERATE("1.2.840.10008.1.2.4.94", "1.2.840.10008.1.2.4.95", "1.2.840.10008.1.2.7.1");
    INFO(uid);
    CHECK_FALSE(syntax(uid));
}

TEST_CASE(
    "of what is offered, uncompressed is taken first, Explicit VR before Implicit, then what is carried") {
    const auto uid = [](const char* text) { return Uid::parse(text).value(); };
    const auto jpip = uid("1.2.840.10008.1.2.4.94"), rle = uid("1.2.840.10008.1.2.5"),
               implicit_vr = uid("1.2.840.10008.1.2"), explicit_vr = uid("1.2.840.10008.1.2.1");
    CHECK(image::plainest_of({rle, implicit_vr, explicit_vr}) == explicit_vr);
    CHECK(image::plainest_of({rle, implicit_vr}) == implicit_vr);
    CHECK(image::plainest_of({jpip, rle}) == rle);
    CHECK_FALSE(image::plainest_of({jpip}));
    CHECK(image::first_carried({jpip, rle, explicit_vr}) == rle);
    CHECK_FALSE(image::first_carried({}));
}
