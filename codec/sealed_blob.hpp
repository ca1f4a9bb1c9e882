#pragma once
// The sealed blob: AES-256-GCM under the key `attributes`, in chunks of 1 MiB, nonce = chunk number, AAD =
// unit AAD | chunk number | last (FORMAT.md). Each chunk is followed by its tag.

#include "codec/keyholder.hpp"
#include "codec/wire.hpp"

namespace portcullis::codec {

ByteVector seal_blob(ByteSpan blob, std::span<const std::uint8_t, 32> key, const Digest& unit_aad);
/// `sealed` has the length that belongs to `blob_length`. Errors: bad_tag.
Result<ByteVector> open_blob(ByteSpan sealed, std::size_t blob_length, std::span<const std::uint8_t, 32> key,
                             const Digest& unit_aad);

}  // namespace portcullis::codec
