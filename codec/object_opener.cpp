#include <algorithm>
#include <stdexcept>

#include "codec/aead.hpp"
#include "codec/blob_records.hpp"
#include "codec/digest.hpp"
#include "codec/envelope.hpp"
#include "codec/sealed_blob.hpp"
#include "codec/signature.hpp"

namespace portcullis::codec {

namespace {

class Opener final : public ObjectOpener {
  public:
    Opener(const Envelope& envelope, BlobRecords records, const ObjectKeys& keys, const Codec& codec,
           const Digest& aad)
        : id_(envelope.head.id),
          description_{envelope.head.bound, std::move(records.recorded), envelope.head.transfer_syntax,
                       std::move(records.changes)},
          origin_(envelope.head.origin),
          regions_(decode_regions(envelope)),
          tags_(envelope.tags.begin(), envelope.tags.end()),
          aad_(aad),
          cipher_(codec.create(keys.codec.view())),
          aead_(keys.aead.view()) {
        static_assert(limits::envelope / sizeof(Tag) <= UINT32_MAX);
        first_units_.reserve(regions_.size());
        std::uint64_t next = 0;
        for (const auto& region : regions_) {
            first_units_.push_back(static_cast<std::uint32_t>(next));
            next += units_of(region.length);
        }
    }

    const EnvelopeId& envelope_id() const override { return id_; }
    const ObjectDescription& description() const override { return description_; }
    const Origin& origin() const override { return origin_; }
    const std::vector<Region>& regions() const override { return regions_; }
    std::uint64_t units() const override { return tags_.size() / sizeof(Tag); }
    std::uint64_t first_unit(std::size_t region) const override { return first_units_.at(region); }

    Result<void> open_unit(std::span<std::uint8_t> unit, std::uint64_t number) override {
        if (number >= units()) throw std::logic_error("no unit of this number");
        Tag tag;
        std::copy_n(tags_.begin() + static_cast<std::ptrdiff_t>(number * tag.size()), tag.size(),
                    tag.begin());
        if (!aead_.open(number, aad_, unit, tag)) return Failure::bad_tag;
        cipher_->decrypt(unit, number);
        return {};
    }

  private:
    EnvelopeId id_;
    ObjectDescription description_;
    Origin origin_;
    std::vector<Region> regions_;
    std::vector<std::uint32_t> first_units_;
    ByteVector tags_;
    Digest aad_;
    std::unique_ptr<UnitCipher> cipher_;
    AeadOpener aead_;
};

Result<Dek> unwrap_any(const OpeningKeys& holder, const Envelope& envelope) {
    for (const auto& stanza : envelope.stanzas) {
        if (auto dek = holder.unwrap(stanza, envelope.head.id)) return dek;
    }
    return Failure::no_key;
}

/// From the first stanza that unwraps, and in mode key+registry from the study's secret.
Result<ObjectKeys> find_keys(const OpeningKeys& holder, const Envelope& envelope, const Codec& codec) {
    const auto& head = envelope.head;
    const auto dek = unwrap_any(holder, envelope);
    if (!dek) return dek.failure();
    if (!head.study_secret) return derive_keys(*dek, {}, head.salt, head.mode(), codec);
    const auto shared = holder.study_secret(*head.study_secret);
    if (!shared) return shared.failure();
    return derive_keys(*dek, shared->view(), head.salt, head.mode(), codec);
}

/// Commitment, MAC, signature, trust: FORMAT.md, order of checks.
Result<void> authenticate(const Envelope& envelope, const ObjectKeys& keys, const OpeningKeys& holder) {
    if (!equal_in_constant_time(keys.commitment, envelope.head.commitment)) return Failure::bad_commitment;
    const Digest mac = hmac_sha256(keys.envelope.view(), {envelope.body, envelope.stanza_bytes});
    if (!equal_in_constant_time(mac, envelope.mac)) return Failure::bad_mac;
    if (!verifies(envelope.head.signer, sha256({envelope.body}), envelope.signature)) {
        return Failure::bad_signature;
    }
    if (!holder.trusts(envelope.head.signer)) return Failure::unknown_signer;
    return {};
}

}  // namespace

Result<std::unique_ptr<ObjectOpener>> ObjectOpener::begin(std::span<const std::uint8_t> bytes,
                                                          const OpeningKeys& holder, const Catalogue& allowed,
                                                          const ObjectIdentity& identity) {
    const auto envelope = parse_envelope(bytes);
    if (!envelope) return envelope.failure();
    const auto& head = envelope->head;
    const Codec* codec = allowed.find(head.codec_id, head.codec_version);
    if (!codec) return Failure::codec_not_allowed;
    const auto keys = find_keys(holder, *envelope, *codec);
    if (!keys) return keys.failure();
    if (const auto authentic = authenticate(*envelope, *keys, holder); !authentic) return authentic.failure();

    const Digest aad = unit_aad(head.mode(), head.id, *codec, identity);
    const auto blob = open_blob(envelope->sealed_blob, envelope->blob_length, keys->attributes.view(), aad);
    if (!blob) return blob.failure();
    auto records = decode_records(*blob);
    if (!records) return records.failure();
    return std::unique_ptr<ObjectOpener>(
        std::make_unique<Opener>(*envelope, std::move(*records), *keys, *codec, aad));
}

Result<EnvelopeId> envelope_id(std::span<const std::uint8_t> bytes) {
    const auto envelope = parse_envelope(bytes);
    if (!envelope) return envelope.failure();
    return envelope->head.id;
}

}  // namespace portcullis::codec
