#include "gateway/audit/since.hpp"

#include "gateway/audit/line.hpp"
#include "gateway/audit/reader.hpp"
#include "gateway/base/rfc3339.hpp"

namespace portcullis::audit {

std::uint64_t first_since(const std::filesystem::path& folder, std::chrono::system_clock::time_point time) {
    const auto text = rfc3339(time);
    const auto is_older = [&](std::uint64_t number) {
        Reader reader(folder, number);
        const auto line = reader.next();
        return line && time_text(*line) < text;
    };
    std::uint64_t older = 0, not_older = 1;
    while (is_older(not_older)) {
        older = not_older;
        not_older *= 2;
    }
    while (not_older - older > 1) {
        const auto middle = older + (not_older - older) / 2;
        (is_older(middle) ? older : not_older) = middle;
    }
    return not_older;
}

}  // namespace portcullis::audit
