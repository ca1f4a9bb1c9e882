#include "gateway/image/tags.hpp"

#include <cstdio>

namespace portcullis::image {

std::string tag::name(std::uint32_t tag) {
    char text[16];
    std::snprintf(text, sizeof text, "(%04X,%04X)", unsigned{tag >> 16}, unsigned{tag & 0xFFFF});
    return text;
}

std::string tag::name(const codec::Path& path) {
    std::string text;
    for (const auto& step : path.within)
        text += name(step.sequence) + '[' + std::to_string(std::uint64_t{step.item} + 1) + "].";
    return text + name(path.tag);
}

}  // namespace portcullis::image
