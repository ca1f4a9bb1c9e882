#include "codec/sealed_blob.hpp"

#include <algorithm>

#include "codec/aead.hpp"
#include "codec/envelope.hpp"

namespace portcullis::codec {

namespace {

ByteVector chunk_aad(const Digest& unit_aad, std::size_t chunk, bool last) {
    ByteVector aad;
    WireWriter writer(aad);
    writer.bytes(unit_aad);
    writer.number(static_cast<std::uint32_t>(chunk));
    writer.number(static_cast<std::uint8_t>(last));
    return aad;
}

}  // namespace

ByteVector seal_blob(ByteSpan blob, std::span<const std::uint8_t, 32> key, const Digest& unit_aad) {
    AeadSealer aead(key);
    const std::size_t chunks = chunks_of(blob.size());
    ByteVector sealed;
    sealed.reserve(blob.size() + chunks * sizeof(Tag));
    WireWriter writer(sealed);
    for (std::size_t chunk = 0; chunk < chunks; ++chunk) {
        const auto plain = blob.subspan(0, std::min(blob.size(), blob_chunk_size));
        blob = blob.subspan(plain.size());
        const std::size_t begin = sealed.size();
        writer.bytes(plain);
        writer.bytes(aead.seal(chunk, chunk_aad(unit_aad, chunk, chunk + 1 == chunks),
                               std::span(sealed).subspan(begin)));
    }
    return sealed;
}

Result<ByteVector> open_blob(ByteSpan sealed, std::size_t blob_length, std::span<const std::uint8_t, 32> key,
                             const Digest& unit_aad) {
    AeadOpener aead(key);
    const std::size_t chunks = chunks_of(blob_length);
    ByteVector blob;
    blob.reserve(blob_length);
    WireWriter writer(blob);
    WireReader reader(sealed);
    for (std::size_t chunk = 0; chunk < chunks; ++chunk) {
        const std::size_t begin = blob.size();
        writer.bytes(reader.bytes(std::min(blob_length - begin, blob_chunk_size)));
        const auto tag = reader.array<sizeof(Tag)>();
        if (!aead.open(chunk, chunk_aad(unit_aad, chunk, chunk + 1 == chunks), std::span(blob).subspan(begin),
                       tag)) {
            wipe(blob);
            return Failure::bad_tag;
        }
    }
    return blob;
}

}  // namespace portcullis::codec
