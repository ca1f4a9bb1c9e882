#include "gateway/audit/status.hpp"

#include <charconv>
#include <cstdint>

#include "gateway/dimse/status.hpp"

namespace portcullis::audit {

StatusKind kind_of_status(std::string_view text) {
    std::uint16_t status = 0;
    const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), status, 16);
    if (text.empty() || error != std::errc{} || stop != text.data() + text.size()) return StatusKind::failure;
    if (status == dimse::status::success) return StatusKind::success;
    const bool warning = status == dimse::status::cancelled || dimse::status::is_warning(status);
    return warning ? StatusKind::warning : StatusKind::failure;
}

}  // namespace portcullis::audit
