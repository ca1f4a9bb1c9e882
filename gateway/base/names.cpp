#include "gateway/base/names.hpp"

#include <algorithm>

namespace portcullis {

std::optional<AeTitle> AeTitle::parse(std::string_view text) {
    const auto first = text.find_first_not_of(' ');
    if (first == std::string_view::npos) return std::nullopt;
    text = text.substr(first, text.find_last_not_of(' ') - first + 1);
    const auto allowed = [](char c) { return c >= 0x20 && c < 0x7f && c != '\\'; };
    if (text.size() > 16 || !std::all_of(text.begin(), text.end(), allowed)) return std::nullopt;
    return AeTitle(std::string(text));
}

std::string AeTitle::padded() const {
    std::string padded = text_;
    padded.resize(16, ' ');
    return padded;
}

std::optional<Uid> Uid::parse(std::string_view text) {
    if (!text.empty() && (text.back() == '\0' || text.back() == ' ')) text.remove_suffix(1);
    const auto allowed = [](char c) { return c == '.' || (c >= '0' && c <= '9'); };
    if (text.empty() || text.size() > 64 || !std::all_of(text.begin(), text.end(), allowed))
        return std::nullopt;
    return Uid(std::string(text));
}

std::optional<ContextId> ContextId::parse(unsigned value) {
    if (value % 2 == 0 || value > 255) return std::nullopt;
    return ContextId(static_cast<std::uint8_t>(value));
}

}  // namespace portcullis
