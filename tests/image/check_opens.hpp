#pragma once
#include <catch2/catch.hpp>

#include "tests/image/gate.hpp"

namespace portcullis::image::test {

/// Byte for byte, however it is cut, and with nothing that was edited.
inline void check_opens(Gate& gate, const TransferSyntax& syntax, const SealedObject& sealed,
                        const Bytes& object) {
    REQUIRE_FALSE(sealed.error);
    for (const std::size_t piece : piece_sizes) {
        const auto opened = gate.open(syntax, sealed.bytes, {sealed.sealed.envelope}, piece);
        INFO("pieces of " << piece << ": " << opened.detail);
        REQUIRE_FALSE(opened.error);
        CHECK(opened.opened.edited.empty());
        CHECK(difference(opened.bytes, object) == "");
    }
}

}  // namespace portcullis::image::test
