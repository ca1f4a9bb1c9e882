#pragma once
// What a codec is.
//
// A codec is a length-preserving cipher over one unit (at most 256 KiB) of an object's protected bytes. It
// works in place, it is given a key of its own that no other part of the system uses, and it is told the
// number of the unit, so that equal units of an object do not become equal ciphertexts. It keeps no state
// from one unit to the next: units may be treated in any order. It gives neither authenticity nor, as far as
// we claim, confidentiality: every unit that a codec leaves is enclosed in AES-256-GCM (object.hpp), and
// nothing is given to `decrypt` that has not been authenticated. A UnitCipher belongs to one object; it is
// not shared between threads. Two codecs are built in; others are loaded (plugin.h).

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "codec/result.hpp"

namespace portcullis::codec {

/// A built-in one never fails. A loaded one that does throws std::runtime_error, also when it is created: the
/// unit is wiped then, and the object is given up.
class UnitCipher {
  public:
    virtual ~UnitCipher() = default;
    virtual void encrypt(std::span<std::uint8_t> unit, std::uint64_t unit_number) = 0;
    virtual void decrypt(std::span<std::uint8_t> unit, std::uint64_t unit_number) = 0;
};

struct Codec {
    std::string id;          // [a-z0-9-]{1,32}
    std::uint16_t version;   // another version is another cipher
    std::size_t key_length;  // bytes, at most limits::codec_key; 0 for `none`
    std::function<std::unique_ptr<UnitCipher>(std::span<const std::uint8_t> key)> create;
    std::string plugin = {};  // the file it was loaded from; empty: built in
};

/// Whether an envelope can hold its id, and HKDF give its key.
bool is_usable(const Codec&);

/// A set of codecs, each under its own id. What an opener is given are those that it may open.
class Catalogue {
  public:
    /// "rabbit-siv" and "none".
    static const Catalogue& built_in();

    /// False if the codec is not usable, or its id is taken.
    [[nodiscard]] bool add(Codec);
    /// nullptr if there is none of this id (and version, where given). Stays valid as long as the catalogue.
    const Codec* find(std::string_view id) const;
    const Codec* find(std::string_view id, std::uint16_t version) const;
    /// By id, ascending.
    const std::map<std::string, Codec, std::less<>>& all() const { return codecs_; }

  private:
    std::map<std::string, Codec, std::less<>> codecs_;
};

}  // namespace portcullis::codec
