#include "gateway/service/keys_in_use.hpp"

#include <algorithm>
#include <fstream>

#include "gateway/base/hex.hpp"
#include "gateway/journal/file.hpp"

namespace portcullis::service {

KeysInUse keys_in_use(const keys::Keyring& keyring) {
    const auto keks = keyring.list();
    const auto current = std::find_if(keks.begin(), keks.end(), [](const auto& key) { return key.current; });
    return {current == keks.end() ? "" : hex(current->kek), hex(keyring.signer())};
}

std::optional<audit::Record> changed_since(const KeysInUse& now, const std::filesystem::path& file) {
    KeysInUse before;
    std::ifstream in(file);
    if (!(in >> before.kek >> before.signer) || before == now) return std::nullopt;
    return audit::Record("keys", {{"kek", now.kek},
                                  {"signer", now.signer},
                                  {"kek_before", before.kek},
                                  {"signer_before", before.signer}});
}

void remember(const KeysInUse& now, const std::filesystem::path& file) {
    journal::replace_file(file, now.kek + "\n" + now.signer + "\n");
}

}  // namespace portcullis::service
