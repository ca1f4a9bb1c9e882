#include "codec/object_keys.hpp"

#include <algorithm>

#include "codec/digest.hpp"
#include "codec/hkdf.hpp"
#include "codec/wire.hpp"

namespace portcullis::codec {

namespace {

template <std::unsigned_integral T>
ByteVector encoded(T number) {
    ByteVector out;
    WireWriter(out).number(number);
    return out;
}

}  // namespace

ObjectKeys derive_keys(const Dek& dek, std::span<const std::uint8_t> study_secret, const Salt& salt,
                       Mode mode, const Codec& codec) {
    SecretBytes input(dek.view().size() + study_secret.size());
    std::ranges::copy(dek.view(), input.fill().begin());
    std::ranges::copy(study_secret, input.fill().subspan(dek.view().size()).begin());

    ByteVector info;
    WireWriter writer(info);
    writer.field(bytes_of("portcullis/v1"));
    writer.field(encoded(static_cast<std::uint8_t>(mode)));
    writer.field(bytes_of(codec.id));
    writer.field(encoded(codec.version));

    SecretBytes derived(4 * 32 + codec.key_length);
    hkdf_sha256(input.view(), salt, info, derived.fill());

    ObjectKeys keys;
    auto rest = derived.view();
    const auto cut = [&rest](std::span<std::uint8_t> out) {
        std::copy_n(rest.begin(), out.size(), out.begin());
        rest = rest.subspan(out.size());
    };
    cut(keys.aead.fill());
    cut(keys.attributes.fill());
    cut(keys.envelope.fill());
    cut(keys.commitment);
    keys.codec = SecretBytes(codec.key_length);
    cut(keys.codec.fill());
    return keys;
}

Digest unit_aad(Mode mode, const EnvelopeId& id, const Codec& codec, const ObjectIdentity& identity) {
    ByteVector fields;
    WireWriter writer(fields);
    writer.field(encoded(envelope_version));
    writer.field(encoded(static_cast<std::uint8_t>(mode)));
    writer.field(id);
    writer.field(bytes_of(codec.id));
    writer.field(encoded(codec.version));
    writer.field(bytes_of(identity.tenant));
    writer.field(bytes_of(identity.sop_class_uid));
    writer.field(bytes_of(identity.sop_instance_uid));
    return sha256({fields});
}

}  // namespace portcullis::codec
