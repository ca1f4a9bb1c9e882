#pragma once
// How a log names patients and objects: plainly, or by keyed hashes, which tell whether two records speak of
// the same one, and of whom to those only who have the key and can name him.
//
//   "hmac:" and 32 hex digits: the first half of HMAC-SHA-256(key, KIND || 0x00 || value), KIND "patient" or
//   "uid", the value in UTF-8 as a plain log would show it
//
// A hash is short enough for a table and long enough (128 bits) that no two values share one by chance.
// Empty values stay empty.

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "gateway/audit/audit.hpp"
#include "gateway/keys/identifiers_key.hpp"

namespace portcullis::audit {

/// How every hash begins.
inline constexpr std::string_view hash_prefix = "hmac:";

class Identifiers {
  public:
    /// As they are.
    Identifiers() = default;
    /// By hashes, under the key of this keyring, which is made if there is none. Throws std::runtime_error.
    static Identifiers hashed(const std::filesystem::path& keyring);
    /// The same for who looks something up; nothing if the keyring has no such key. Throws as hashed() does.
    static std::optional<Identifiers> known_to(const std::filesystem::path& keyring);

    /// What stands for a Patient ID, and for a UID that belongs to a patient, in the log.
    std::string patient(std::string_view id) const;
    std::string uid(std::string_view uid) const;
    /// Replaces all that names a patient or an object. In texts of any kind that is every UID but those of
    /// the standard. The Identifier of a query is left out.
    void hide(Record&) const;

  private:
    explicit Identifiers(keys::IdentifiersKey key)
        : key_(std::make_shared<const keys::IdentifiersKey>(std::move(key))) {}
    std::string hash(std::string_view kind, std::string_view value) const;
    std::string hide_in(std::string_view text, bool (*is_uid)(std::string_view)) const;

    std::shared_ptr<const keys::IdentifiersKey> key_;  // nullptr: as they are
};

}  // namespace portcullis::audit
