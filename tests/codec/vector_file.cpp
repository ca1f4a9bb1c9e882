#include "tests/codec/vector_file.hpp"

#include <openssl/pem.h>

#include <algorithm>
#include <fstream>
#include <memory>

#include "codec/digest.hpp"
#include "codec/key_wrap.hpp"
#include "codec/recovery_wrap.hpp"
#include "tests/codec/sealed_sample.hpp"

namespace portcullis::test {

using namespace codec;

namespace {

const std::string folder = PORTCULLIS_SOURCE_DIR "/tests/vectors/codec/";

template <class T>
std::optional<T> optional(const Json& object, const char* field) {
    if (object.at(field).is_null()) return std::nullopt;
    return object.at(field).get<T>();
}

using File = std::unique_ptr<std::FILE, OpensslDeleter<std::fclose>>;

bool is_same_place(const Region& a, const Region& b) {
    return *a.path == *b.path && a.kind == b.kind && a.order == b.order;
}

/// As many units as the region has by the envelope, each as long as the bytes that came allow.
Result<void> open_region(ObjectOpener& opener, std::size_t index, ByteVector& data) {
    const std::uint64_t expected = opener.regions()[index].length;
    auto rest = std::span(data).first(std::min<std::uint64_t>(data.size(), expected));
    for (auto number = opener.first_unit(index); !rest.empty(); ++number) {
        const auto unit = rest.first(std::min(rest.size(), unit_size));
        if (const auto opened = opener.open_unit(unit, number); !opened) return opened;
        rest = rest.subspan(unit.size());
    }
    if (data.size() != expected) return Failure::bad_count;
    return {};
}

/// All but pixel data at the top level may be absent, but only as a whole.
bool must_be_there(const std::vector<Region>& regions, const std::vector<bool>& met, std::size_t index) {
    const Region& region = regions[index];
    if (region.path->within.empty() && region.kind != RegionKind::value) return true;
    for (std::size_t i = 0; i < regions.size(); ++i) {
        if (met[i] && *regions[i].path == *region.path) return true;
    }
    return false;
}

Result<std::vector<ByteVector>> open_regions(ObjectOpener& opener, std::vector<ReturnedRegion>& regions) {
    std::vector<ByteVector> opened;
    std::vector<bool> met(opener.regions().size());
    for (auto& [region, data] : regions) {
        const auto& sealed = opener.regions();
        const auto found = std::find_if(sealed.begin(), sealed.end(),
                                        [&](const Region& one) { return is_same_place(one, region); });
        const auto index = static_cast<std::size_t>(found - sealed.begin());
        if (found == sealed.end() || met[index]) return Failure::bad_count;
        met[index] = true;
        if (const auto done = open_region(opener, index, data); !done) return done.failure();
        opened.push_back(std::move(data));
    }
    for (std::size_t i = 0; i < met.size(); ++i) {
        if (!met[i] && must_be_there(opener.regions(), met, i)) return Failure::bad_count;
    }
    return opened;
}

}  // namespace

Json read_vectors(const std::string& file) {
    std::ifstream in(folder + file);
    return Json::parse(in);
}

const Codec& codec_of(const Json& object) {
    return built_in(object.at("codec_id").get<std::string>());
}

ObjectIdentity identity_of(const Json& object) {
    return {object.at("tenant"), object.at("sop_class_uid"), object.at("sop_instance_uid")};
}

BoundContext bound_of(const Json& bound) {
    BoundContext context;
    context.rows = optional<std::uint16_t>(bound, "rows");
    context.columns = optional<std::uint16_t>(bound, "columns");
    context.samples_per_pixel = optional<std::uint16_t>(bound, "samples_per_pixel");
    context.photometric_interpretation = optional<std::string>(bound, "photometric_interpretation");
    context.bits_allocated = optional<std::uint16_t>(bound, "bits_allocated");
    context.bits_stored = optional<std::uint16_t>(bound, "bits_stored");
    context.high_bit = optional<std::uint16_t>(bound, "high_bit");
    context.pixel_representation = optional<std::uint16_t>(bound, "pixel_representation");
    context.number_of_frames = optional<std::int64_t>(bound, "number_of_frames");
    context.encapsulated_transfer_syntax = bound.at("encapsulated_transfer_syntax");
    return context;
}

Path path_of(const Json& place) {
    Path path{.tag = place.at("tag")};
    for (const auto& step : place.at("within")) path.within.push_back({step.at(0), step.at(1)});
    return path;
}

Region region_of(const Json& region) {
    return {std::make_shared<const Path>(path_of(region)), region.at("order"),
            static_cast<RegionKind>(region.at("kind").get<int>()), region.value("length", std::uint64_t{0})};
}

Change change_of(const Json& change) {
    const std::string vr = change.at("vr");
    Change found{static_cast<Change::How>(change.at("type").get<int>()), path_of(change)};
    std::copy(vr.begin(), vr.end(), found.vr.begin());
    found.undefined_length = change.at("undefined_length");
    found.original = bytes(change, "original");
    found.sealed = bytes(change, "sealed");
    return found;
}

ByteVector plaintext_of(const Json& object, const char* length_field) {
    return pattern(object.at(length_field), object.at("plain_pattern"));
}

bool is_result(const Json& object, const std::string& field, ByteSpan found) {
    const auto length = object.find(field + "_length");
    if (length != object.end() && *length != found.size()) return false;
    if (to_hex(sha256({found})) != object.at(field + "_sha256")) return false;
    return !object.contains(field) || std::ranges::equal(bytes(object, field.c_str()), found);
}

PrivateKey recovery_test_key() {
    const File file(std::fopen((folder + "recovery-test-key.pem").c_str(), "r"));
    PrivateKey key(file ? PEM_read_PrivateKey(file.get(), nullptr, nullptr, nullptr) : nullptr);
    if (!key) throw std::runtime_error("recovery-test-key.pem");
    return key;
}

VectorKeys::VectorKeys(const Json& object)
    : object_(object), recovery_(object.at("has_recovery_key") ? recovery_test_key() : nullptr) {}

Result<Dek> VectorKeys::unwrap(const Stanza& stanza, const EnvelopeId& id) const {
    if (const auto* recovery = std::get_if<RecoveryStanza>(&stanza)) {
        if (!recovery_) return Failure::no_key;
        return unwrap_recovery(*recovery_, *recovery, id);
    }
    const auto& wrapped = std::get<KekStanza>(stanza);
    for (const auto& kek : object_.at("keks")) {
        Dek dek;
        if (array<16>(kek, "id") == wrapped.kek &&
            unwrap_key(bytes(kek, "key"), wrapped.wrapped, dek.fill())) {
            return dek;
        }
    }
    return Failure::no_key;
}

Result<Secret<32>> VectorKeys::study_secret(const StudySecretId& id) const {
    for (const auto& known : object_.at("study_secrets")) {
        if (array<16>(known, "id") != id) continue;
        return Secret<32>(std::span<const std::uint8_t, 32>(array<32>(known, "secret")));
    }
    return Failure::no_study_secret;
}

bool VectorKeys::trusts(const PublicKey& signer) const {
    const auto& trusted = object_.at("trusted_signers");
    return std::find(trusted.begin(), trusted.end(), to_hex(signer)) != trusted.end();
}

Result<OpenedObject> open_whole(const Json& object, ByteSpan envelope, std::vector<ReturnedRegion> regions) {
    const VectorKeys keys(object);
    Catalogue allowed;
    for (const std::string id : object.at("allowed_codecs")) {
        if (const auto* known = Catalogue::built_in().find(id)) (void)allowed.add(*known);
    }
    const auto begun = ObjectOpener::begin(envelope, keys, allowed, identity_of(object));
    if (!begun) return begun.failure();
    auto& opener = **begun;
    if (!agree(opener.description().bound, bound_of(object.at("returned")))) return Failure::bad_context;
    auto opened = open_regions(opener, regions);
    if (!opened) return opened.failure();
    return OpenedObject{opener.description(), std::move(*opened)};
}

}  // namespace portcullis::test
