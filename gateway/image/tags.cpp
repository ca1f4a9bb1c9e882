#include "gateway/image/tags.hpp"

#include <cstdio>

namespace portcullis::image {

std::string tag::name(std::uint32_t tag) {
    char text[16];
    std::snprintf(text, sizeof text, "(%04X,%04X)", unsigned{tag >> 16}, unsigned{tag & 0xFFFF});
    return text;
}

}  // namespace portcullis::image
