#include "gateway/image/encoding.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace portcullis::image {

std::size_t word_size(std::string_view vr) {
    using Size = std::pair<std::string_view, std::size_t>;
    static constexpr std::array<Size, 14> sizes = {{{"OW", 2},
                                                    {"US", 2},
                                                    {"SS", 2},
                                                    {"AT", 2},
                                                    {"OF", 4},
                                                    {"OL", 4},
                                                    {"UL", 4},
                                                    {"SL", 4},
                                                    {"FL", 4},
                                                    {"OD", 8},
                                                    {"OV", 8},
                                                    {"FD", 8},
                                                    {"SV", 8},
                                                    {"UV", 8}}};
    const auto found =
        std::find_if(sizes.begin(), sizes.end(), [vr](const Size& size) { return size.first == vr; });
    return found == sizes.end() ? 1 : found->second;
}

void swap_words(MutableByteView bytes, std::size_t size) {
    if (size == 1) return;
    for (; bytes.size() >= size; bytes = bytes.subspan(size))
        std::reverse(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(size));
}

}  // namespace portcullis::image
