#include "gateway/keys/identifiers_key.hpp"

#include <stdexcept>

#include "gateway/keys/kek.hpp"
#include "gateway/keys/private_folder.hpp"

namespace portcullis::keys {

namespace {

constexpr auto file_name = "audit-identifiers.key";
constexpr std::string_view before = "portcullis-audit-identifiers 1\nkey ";
constexpr std::string_view after = "\n";

IdentifiersKey parse(std::string_view text, const std::filesystem::path& file) {
    IdentifiersKey key;
    if (!text.starts_with(before) || !text.ends_with(after) || text.size() < before.size() + after.size() ||
        !unhex(text.substr(before.size(), text.size() - before.size() - after.size()), key.fill()))
        fail(file,
             "is not a key for the identifiers of an audit log, or damaged; restore it from the backup");
    return key;
}

SecretText format(const IdentifiersKey& key) {
    SecretText text;
    text.append(before);
    text.append_hex(key.view());
    text.append(after);
    return text;
}

IdentifiersKey make() {
    IdentifiersKey key;
    if (!codec::fill_random(key.fill())) throw std::runtime_error("no random bytes from the kernel");
    return key;
}

}  // namespace

std::optional<IdentifiersKey> find_identifiers_key(const std::filesystem::path& keyring) {
    const PrivateFolder folder(keyring);
    if (!folder.has(file_name)) return std::nullopt;
    return parse(folder.read(file_name).view(), folder.path() / file_name);
}

IdentifiersKey need_identifiers_key(const std::filesystem::path& keyring) {
    if (auto known = find_identifiers_key(keyring)) return std::move(*known);
    // Of two who make one at once the first has made the key of both.
    PrivateFolder(keyring).write_once(file_name, format(make()).view());
    return std::move(*find_identifiers_key(keyring));
}

}  // namespace portcullis::keys
