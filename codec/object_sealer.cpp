#include <algorithm>
#include <stdexcept>

#include "codec/aead.hpp"
#include "codec/blob_records.hpp"
#include "codec/digest.hpp"
#include "codec/envelope.hpp"
#include "codec/sealed_blob.hpp"

namespace portcullis::codec {

namespace {

/// For calls out of order: a bug of the caller, never something that an input can bring about.
void expect(bool condition, const char* rule) {
    if (!condition) throw std::logic_error(rule);
}

bool are_usable(const std::vector<Stanza>& stanzas) {
    return !stanzas.empty() && stanzas.size() <= limits::stanzas &&
           std::all_of(stanzas.begin(), stanzas.end(), is_well_formed);
}

bool are_too_long(const ObjectIdentity& identity, const Origin& origin) {
    return identity.tenant.size() > limits::name || origin.gateway_id.size() > limits::name ||
           origin.scanner_ae.size() > limits::name;
}

class Sealer final : public ObjectSealer {
  public:
    Sealer(const SealingKeys& holder, std::vector<Stanza> stanzas, EnvelopeHead head, const ObjectKeys& keys,
           const Codec& codec, const ObjectIdentity& identity)
        : holder_(holder),
          stanzas_(std::move(stanzas)),
          head_(std::move(head)),
          aad_(unit_aad(head_.mode(), head_.id, codec, identity)),
          cipher_(codec.create(keys.codec.view())),
          aead_(keys.aead.view()),
          attributes_key_(keys.attributes.view()),
          envelope_key_(keys.envelope.view()) {}

    const EnvelopeId& envelope_id() const override { return head_.id; }
    std::uint64_t units() const override { return units_; }

    void begin_region(const Path& path, std::uint32_t order, RegionKind kind) override {
        expect(!finished_ && !region_, "a region begins inside another, or after the end");
        over_limit_ |= path.within.size() > limits::path_depth;
        if (!path_ || *path_ != path) path_ = std::make_shared<const Path>(path);
        region_ = Region{path_, order, kind, 0};
    }

    void seal_unit(std::span<std::uint8_t> unit) override {
        expect(region_.has_value(), "a unit outside of any region");
        expect(!unit.empty() && unit.size() <= unit_size, "a unit of 1 to unit_size bytes");
        expect(region_->length % unit_size == 0, "a unit after the short one of its region");
        over_limit_ |= units_ >= max_units || region_->length > limits::region_length - unit_size;
        cipher_->encrypt(unit, units_);
        const Tag tag = aead_.seal(units_, aad_, unit);
        ++units_;
        region_->length += unit.size();
        if (!over_limit_) tags_.insert(tags_.end(), tag.begin(), tag.end());
    }

    void end_region() override {
        expect(region_.has_value(), "no region to end");
        over_limit_ |= regions_.count() >= limits::regions;
        if (!over_limit_) regions_.add(*region_);
        region_.reset();
    }

    Result<std::vector<std::uint8_t>> finish(const ObjectDescription& description) override {
        expect(!finished_ && !region_, "finished twice, or inside a region");
        finished_ = true;
        if (!are_well_formed(description.changes)) return Failure::malformed;
        const ByteVector blob = encode_records({description.recorded, description.changes});
        if (over_limit_ || blob.size() > limits::blob || is_over_limit(description)) {
            return Failure::over_limit;
        }
        head_.bound = description.bound;
        head_.transfer_syntax = description.transfer_syntax;
        const ByteVector sealed_blob = seal_blob(blob, attributes_key_.view(), aad_);
        ByteVector envelope = encode_body(head_, regions_.encode(), tags_, sealed_blob, blob.size());
        return close(std::move(envelope));
    }

  private:
    /// So many tags would fill an envelope by themselves.
    static constexpr std::uint64_t max_units = limits::envelope / sizeof(Tag);

    static bool are_too_deep(const std::vector<Change>& changes) {
        return std::ranges::any_of(
            changes, [](const Change& change) { return change.path.within.size() > limits::path_depth; });
    }

    static bool is_over_limit(const ObjectDescription& description) {
        const auto& photometric = description.bound.photometric_interpretation;
        return description.recorded.values.size() > limits::recorded_values ||
               description.changes.size() > limits::changes || are_too_deep(description.changes) ||
               description.transfer_syntax.size() > limits::name ||
               description.bound.encapsulated_transfer_syntax.size() > limits::name ||
               (photometric && photometric->size() > limits::name);
    }

    /// Signature, stanzas and MAC after the body.
    Result<ByteVector> close(ByteVector envelope) {
        const auto signature = holder_.sign(sha256({envelope}));
        if (!signature) return signature.failure();
        const ByteVector stanzas = encode_stanzas(stanzas_);
        const Digest mac = hmac_sha256(envelope_key_.view(), {envelope, stanzas});
        if (envelope.size() + signature->size() + stanzas.size() + mac.size() > limits::envelope) {
            return Failure::over_limit;
        }
        WireWriter writer(envelope);
        writer.bytes(*signature);
        writer.bytes(stanzas);
        writer.bytes(mac);
        return envelope;
    }

    const SealingKeys& holder_;
    std::vector<Stanza> stanzas_;
    EnvelopeHead head_;
    Digest aad_;
    std::unique_ptr<UnitCipher> cipher_;
    AeadSealer aead_;
    Secret<32> attributes_key_;
    Secret<32> envelope_key_;
    RegionRuns regions_;
    ByteVector tags_;
    std::shared_ptr<const Path> path_;  // of the last region
    std::optional<Region> region_;
    std::uint64_t units_ = 0;
    bool over_limit_ = false;
    bool finished_ = false;
};

}  // namespace

struct FreshKeys::Made {
    const SealingKeys& holder;
    const Codec& codec;
    std::vector<Stanza> stanzas;
    EnvelopeHead head;
    ObjectKeys keys;
};

FreshKeys::FreshKeys(std::unique_ptr<Made> made) : made_(std::move(made)) {}
FreshKeys::FreshKeys(FreshKeys&&) noexcept = default;
FreshKeys& FreshKeys::operator=(FreshKeys&&) noexcept = default;
FreshKeys::~FreshKeys() = default;

Result<FreshKeys> FreshKeys::make(const SealingKeys& holder, const Codec& codec,
                                  const StudySecret* study_secret) {
    if (!is_usable(codec)) return Failure::codec_not_allowed;
    Dek dek;
    EnvelopeHead head;
    for (const std::span<std::uint8_t> target :
         {std::span<std::uint8_t>(dek.fill()), std::span<std::uint8_t>(head.id),
          std::span<std::uint8_t>(head.salt)}) {
        if (const auto filled = fill_random(target); !filled) return filled.failure();
    }
    auto stanzas = holder.wrap(dek, head.id);
    if (!stanzas) return stanzas.failure();
    if (!are_usable(*stanzas)) return Failure::key_unavailable;

    std::span<const std::uint8_t> shared;
    if (study_secret) {
        head.study_secret = study_secret->id;
        shared = study_secret->secret.view();
    }
    ObjectKeys keys = derive_keys(dek, shared, head.salt, head.mode(), codec);
    head.codec_id = codec.id;
    head.codec_version = codec.version;
    head.commitment = keys.commitment;
    head.signer = holder.signer();
    return FreshKeys(std::unique_ptr<Made>(
        new Made{holder, codec, std::move(*stanzas), std::move(head), std::move(keys)}));
}

Result<std::unique_ptr<ObjectSealer>> ObjectSealer::begin(FreshKeys fresh, const ObjectIdentity& identity,
                                                          const Origin& origin) {
    expect(fresh.made_ != nullptr, "keys that were used already");
    if (are_too_long(identity, origin)) return Failure::over_limit;
    auto& made = *fresh.made_;
    made.head.tenant = identity.tenant;
    made.head.origin = origin;
    return std::unique_ptr<ObjectSealer>(std::make_unique<Sealer>(
        made.holder, std::move(made.stanzas), std::move(made.head), made.keys, made.codec, identity));
}

Result<std::unique_ptr<ObjectSealer>> ObjectSealer::begin(const SealingKeys& holder, const Codec& codec,
                                                          const ObjectIdentity& identity,
                                                          const Origin& origin,
                                                          const StudySecret* study_secret) {
    if (are_too_long(identity, origin)) return Failure::over_limit;
    auto fresh = FreshKeys::make(holder, codec, study_secret);
    if (!fresh) return fresh.failure();
    return begin(std::move(*fresh), identity, origin);
}

}  // namespace portcullis::codec
