#pragma once
// The envelope's bytes, FORMAT.md field by field. Reading checks every limit before it allocates, and
// allocates nothing for regions, tags and blob: they stay where they are in the input until the envelope has
// been authenticated.

#include "codec/aead.hpp"
#include "codec/object.hpp"
#include "codec/object_keys.hpp"
#include "codec/wire.hpp"

namespace portcullis::codec {

namespace limits {
inline constexpr std::size_t envelope = std::size_t{256} << 20;
inline constexpr std::uint64_t units = std::uint64_t{1} << 32;
inline constexpr std::uint64_t regions = std::uint64_t{1} << 24;
inline constexpr std::uint64_t region_length = std::uint64_t{1} << 40;
inline constexpr std::size_t stanzas = 8;
inline constexpr std::size_t blob = std::size_t{64} << 20;
inline constexpr std::size_t codec_id = 32;
inline constexpr std::size_t codec_key = 1024;
inline constexpr std::size_t name = 255;  // tenant, gateway, AE title, UID, photometric interpretation
inline constexpr std::size_t recorded_values = 1024;
inline constexpr std::size_t path_depth = 32;  // sequences around a value
inline constexpr std::size_t changes = 65536;
}  // namespace limits

inline constexpr std::size_t blob_chunk_size = std::size_t{1} << 20;
inline constexpr std::size_t wrapped_key_size = 40;  // RFC 5649: 32 bytes of key, 8 of integrity
// RSA of 3072 to 8192 bits, in an even number of bytes: the length of an envelope is even.
inline constexpr std::size_t least_recovery_size = 384;
inline constexpr std::size_t most_recovery_size = 1024;
/// Whether what is wrapped has a length that its kind can have.
bool is_well_formed(const Stanza&);

/// ceil(length / unit_size).
constexpr std::uint64_t units_of(std::uint64_t length) {
    return (length + unit_size - 1) / unit_size;
}
/// An empty blob is one chunk too, so that there is always one to verify.
constexpr std::size_t chunks_of(std::size_t blob_length) {
    return blob_length == 0 ? 1 : (blob_length + blob_chunk_size - 1) / blob_chunk_size;
}

/// [a-z0-9-]{1,32}
bool is_codec_id(std::string_view);

/// What stands at the head of the body.
struct EnvelopeHead {
    EnvelopeId id{};
    std::optional<StudySecretId> study_secret;  // in mode key+registry
    std::string codec_id;
    std::uint16_t codec_version = 0;
    Salt salt{};
    Digest commitment{};
    PublicKey signer{};
    std::string tenant;
    Origin origin;
    BoundContext bound;
    std::string transfer_syntax;

    Mode mode() const { return study_secret ? Mode::key_and_registry : Mode::key; }
};

/// Regions in the form in which they are stored: runs of one path and kind, orders ascending by one.
class RegionRuns {
  public:
    void add(const Region&);
    std::uint64_t count() const { return regions_; }
    ByteVector encode() const;

  private:
    struct Run {
        std::shared_ptr<const Path> path;
        RegionKind kind;
        std::uint32_t first_order;
        std::uint32_t count;
        std::size_t lengths_end;  // in lengths_
    };
    std::vector<Run> runs_;
    ByteVector lengths_;  // varints
    std::uint64_t regions_ = 0;
};

/// Body without the pad, signature, stanzas and MAC are appended by the sealer in this order.
ByteVector encode_body(const EnvelopeHead&, ByteSpan regions, ByteSpan tags, ByteSpan sealed_blob,
                       std::size_t blob_length);
ByteVector encode_stanzas(std::span<const Stanza>);

/// A parsed envelope. Spans point into the input.
struct Envelope {
    EnvelopeHead head;
    ByteSpan body;  // what is signed
    ByteSpan regions;
    std::uint64_t region_count = 0;
    std::uint64_t unit_count = 0;
    ByteSpan tags;         // 16 bytes a unit
    ByteSpan sealed_blob;  // chunks, each followed by its tag
    std::size_t blob_length = 0;
    Signature signature{};
    ByteSpan stanza_bytes;
    std::vector<Stanza> stanzas;
    Digest mac{};
};

/// Errors: malformed, unknown_version, over_limit, unsupported_mode.
Result<Envelope> parse_envelope(ByteSpan);
/// Of a parsed envelope: cannot fail.
std::vector<Region> decode_regions(const Envelope&);

}  // namespace portcullis::codec
