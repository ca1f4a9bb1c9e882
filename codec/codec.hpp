#pragma once
// What a codec is.
//
// A codec is a length-preserving cipher over one unit (at most 256 KiB) of an object's protected bytes. It
// works in place, it is given a key of its own that no other part of the system uses, and it is told the
// number of the unit, so that equal units of an object do not become equal ciphertexts. It keeps no state
// from one unit to the next: units may be treated in any order. It gives neither authenticity nor, as far as
// we claim, confidentiality: every unit that a codec leaves is enclosed in AES-256-GCM (object.hpp), and
// nothing is given to `decrypt` that has not been authenticated. A UnitCipher belongs to one object; it is
// not shared between threads.

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "codec/result.hpp"

namespace portcullis::codec {

class UnitCipher {
  public:
    virtual ~UnitCipher() = default;
    virtual void encrypt(std::span<std::uint8_t> unit, std::uint64_t unit_number) = 0;
    virtual void decrypt(std::span<std::uint8_t> unit, std::uint64_t unit_number) = 0;
};

struct Codec {
    std::string id;          // [a-z0-9-]{1,32}
    std::uint16_t version;   // another version is another cipher
    std::size_t key_length;  // bytes; 0 for `none`
    std::unique_ptr<UnitCipher> (*create)(std::span<const std::uint8_t> key);
};

/// The codecs of this build: "rabbit-siv" and "none".
const std::vector<Codec>& built_in_codecs();
/// nullptr if there is none of this id (and version, where given).
const Codec* find_codec(std::string_view id);
const Codec* find_codec(std::string_view id, std::uint16_t version);

}  // namespace portcullis::codec
