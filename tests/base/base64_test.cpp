#include "gateway/base/base64.hpp"

#include <catch2/catch.hpp>

using namespace portcullis;

TEST_CASE("base64 is that of the examples of RFC 4648 section 10") {
    for (const auto& [plain, encoded] :
         std::vector<std::pair<std::string_view, std::string_view>>{{"", ""},
                                                                    {"f", "Zg=="},
                                                                    {"fo", "Zm8="},
                                                                    {"foo", "Zm9v"},
                                                                    {"foob", "Zm9vYg=="},
                                                                    {"fooba", "Zm9vYmE="},
                                                                    {"foobar", "Zm9vYmFy"}})
        CHECK(base64(as_bytes(plain)) == encoded);
    CHECK(base64(Bytes{0xfb, 0xff, 0xbf}) == "+/+/");
}
