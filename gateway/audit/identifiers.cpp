#include "gateway/audit/identifiers.hpp"

#include <algorithm>
#include <array>

#include "codec/digest.hpp"
#include "gateway/audit/text.hpp"
#include "gateway/base/bytes.hpp"
#include "gateway/base/hex.hpp"

namespace portcullis::audit {

namespace {

constexpr std::array<std::string_view, 7> uids = {
    "study", "study_uids", "series", "sop_instance", "sealed_as", "missing_instances", "transaction"};
// What may look like the UID of an object and is none: classes, encodings, where somebody calls from, what a
// gateway is called, and what is signed and must stay as it is.
constexpr std::array<std::string_view, 7> of_no_object = {
    "address", "sop_class", "data_set_sop_class", "transcoded", "contexts", "gateway", "note"};
constexpr std::string_view standard_root = "1.2.840.10008.";
constexpr std::size_t longest_address = 15;  // of IPv4

template <std::size_t N>
bool among(const std::array<std::string_view, N>& names, std::string_view name) {
    return std::find(names.begin(), names.end(), name) != names.end();
}

bool is_digit_or_dot(char c) {
    return c == '.' || (c >= '0' && c <= '9');
}

// Neither the name of something in the standard nor, as it might be, an IPv4 address or a version.
bool names_an_object(std::string_view digits_and_dots) {
    const auto dots = std::count(digits_and_dots.begin(), digits_and_dots.end(), '.');
    return !digits_and_dots.starts_with(standard_root) &&
           (dots > 3 || (dots > 1 && digits_and_dots.size() > longest_address));
}

}  // namespace

Identifiers Identifiers::hashed(const std::filesystem::path& keyring) {
    return Identifiers(keys::need_identifiers_key(keyring));
}

std::optional<Identifiers> Identifiers::known_to(const std::filesystem::path& keyring) {
    auto key = keys::find_identifiers_key(keyring);
    return key ? std::optional(Identifiers(std::move(*key))) : std::nullopt;
}

std::string Identifiers::hash(std::string_view kind, std::string_view value) const {
    const std::string shown = utf8(value);
    if (!key_ || shown.empty()) return shown;
    constexpr std::uint8_t separator[] = {0};
    const auto mac = codec::hmac_sha256(key_->view(), {as_bytes(kind), separator, as_bytes(shown)});
    return std::string(hash_prefix) + portcullis::hex(ByteView(mac).first(16));
}

std::string Identifiers::patient(std::string_view id) const {
    return hash("patient", id);
}

std::string Identifiers::uid(std::string_view uid) const {
    return hash("uid", uid);
}

std::string Identifiers::hide_in(std::string_view text, bool (*is_uid)(std::string_view)) const {
    std::string hidden;
    while (!text.empty()) {
        const auto begin = std::find_if(text.begin(), text.end(), is_digit_or_dot);
        const auto end = std::find_if_not(begin, text.end(), is_digit_or_dot);
        std::string_view word(begin, end);
        while (word.ends_with('.')) word.remove_suffix(1);  // of a sentence
        hidden.append(text.begin(), begin).append(is_uid(word) ? uid(word) : std::string(word));
        hidden.append(word.end(), end);
        text.remove_prefix(static_cast<std::size_t>(end - text.begin()));
    }
    return hidden;
}

void Identifiers::hide(Record& record) const {
    if (!key_) return;
    for (auto& [name, value] : record.values) {
        auto* text = std::get_if<std::string>(&value);
        if (!text || among(of_no_object, name)) continue;
        if (name == "patient_id")
            *text = patient(*text);
        else if (name == "query")
            text->clear();  // a data set, in which anything may stand
        else
            *text = hide_in(*text, among(uids, name) ? [](std::string_view word) { return !word.empty(); }
                                                     : names_an_object);
    }
}

}  // namespace portcullis::audit
