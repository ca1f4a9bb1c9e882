#pragma once
// tests/vectors/codec/*.json, as its README.md describes them.

#include <nlohmann/json.hpp>
#include <string>

#include "codec/object.hpp"
#include "codec/openssl.hpp"
#include "codec/wire.hpp"
#include "tests/codec/hex.hpp"

namespace portcullis::test {

using Json = nlohmann::json;

/// Of the folder tests/vectors/codec. Throws if it cannot be read.
Json read_vectors(const std::string& file);

inline codec::ByteVector bytes(const Json& object, const char* field) {
    return from_hex(object.at(field).get<std::string>());
}

template <std::size_t N>
std::array<std::uint8_t, N> array(const Json& object, const char* field) {
    const auto data = bytes(object, field);
    if (data.size() != N) throw std::runtime_error(field);
    std::array<std::uint8_t, N> out;
    std::copy(data.begin(), data.end(), out.begin());
    return out;
}

inline codec::Dek dek_of(const Json& object) {
    return codec::Dek(std::span<const std::uint8_t, 32>(array<32>(object, "dek")));
}

/// The built-in codec that `codec_id` names.
const codec::Codec& codec_of(const Json& object);
codec::ObjectIdentity identity_of(const Json& object);
codec::BoundContext bound_of(const Json& bound);
codec::Path path_of(const Json& place);
/// Its length is 0 if the vector leaves it to the bytes.
codec::Region region_of(const Json& region);
codec::Change change_of(const Json& change);
/// Made of the length (in `length_field`) and the pattern.
codec::ByteVector plaintext_of(const Json& object, const char* length_field = "plain_length");
/// Whether `found` is what a result field says of itself: length (if it says so), digest, bytes.
bool is_result(const Json& object, const std::string& field, codec::ByteSpan found);

using PrivateKey = std::unique_ptr<EVP_PKEY, codec::OpensslDeleter<EVP_PKEY_free>>;
PrivateKey recovery_test_key();

/// All that an object of the file gives to whoever opens it.
class VectorKeys final : public codec::OpeningKeys {
  public:
    explicit VectorKeys(const Json& object);
    codec::Result<codec::Dek> unwrap(const codec::Stanza&, const codec::EnvelopeId&) const override;
    codec::Result<codec::Secret<32>> study_secret(const codec::StudySecretId&) const override;
    bool trusts(const codec::PublicKey& signer) const override;

  private:
    const Json& object_;
    PrivateKey recovery_;
};

/// A region as it is returned.
struct ReturnedRegion {
    codec::Region region;
    codec::ByteVector data;
};

struct OpenedObject {
    codec::ObjectDescription description;
    std::vector<codec::ByteVector> regions;  // of those that were returned
};

/// The whole order of checks of FORMAT.md, over an object in memory.
codec::Result<OpenedObject> open_whole(const Json& object, codec::ByteSpan envelope,
                                       std::vector<ReturnedRegion> regions);

}  // namespace portcullis::test
