#pragma once
// One sealed object: the keys that belong to it, its units, its envelope. Knows nothing of DICOM's encodings:
// the caller finds the regions and says what they are. FORMAT.md is the normative description.
//
// Sealing:  FreshKeys::make -> ObjectSealer::begin -> for each region: begin_region, seal_unit...,
// end_region -> finish -> envelope bytes. Opening:  ObjectOpener::begin(envelope) -> open_unit for each unit,
// in any order -> the caller counts. A unit is at most unit_size bytes of one region; every unit of a region
// but the last is exactly unit_size.

#include <array>
#include <compare>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "codec/codec.hpp"
#include "codec/keyholder.hpp"

namespace portcullis::codec {

inline constexpr std::size_t unit_size = 256 * 1024;

/// What is known of an object before its first byte; enters the AAD of every unit.
struct ObjectIdentity {
    std::string tenant;
    std::string sop_class_uid;     // unpadded
    std::string sop_instance_uid;  // unpadded
};

/// Absent is a value of its own. Compared on opening (FORMAT.md, bound context).
struct BoundContext {
    std::optional<std::uint16_t> rows, columns, samples_per_pixel;
    std::optional<std::string> photometric_interpretation;
    std::optional<std::uint16_t> bits_allocated, bits_stored, high_bit, pixel_representation;
    std::optional<std::int64_t> number_of_frames;  // absent counts as 1 for the comparison
    std::string encapsulated_transfer_syntax;      // empty: native
    bool operator==(const BoundContext&) const = default;
};

/// FORMAT.md, bound context: everything equal, but that an absent number of frames is one frame.
bool agree(const BoundContext& sealed, BoundContext returned);

/// The item of a sequence that a value is in.
struct PathStep {
    std::uint32_t sequence;  // its tag, group << 16 | element
    std::uint32_t item;      // from 0, counting all items of the sequence
    auto operator<=>(const PathStep&) const = default;
};

/// Where a value stands: the items that it is in, from the outside, and its own tag.
struct Path {
    std::vector<PathStep> within = {};
    std::uint32_t tag = 0;
    bool operator==(const Path&) const = default;
    /// As in a data set whose tags ascend; a sequence comes before what is in it.
    std::strong_ordering operator<=>(const Path&) const;
};

/// Of native pixel data, of encapsulated pixel data, of a value that is neither.
enum class RegionKind : std::uint8_t { native = 1, fragment = 2, value = 3 };

/// A run of protected bytes within one value (FORMAT.md).
struct Region {
    std::shared_ptr<const Path> path;  // never null; the regions of a run share it
    std::uint32_t order;               // fragment number, from 0 (0 for other kinds)
    RegionKind kind;
    std::uint64_t length;  // protected bytes
    bool operator==(const Region& other) const {
        return *path == *other.path && order == other.order && kind == other.kind && length == other.length;
    }
};

/// What sealing changed in the data set besides its regions, and what undoes it (FORMAT.md, sealed blob).
/// Values are in Little Endian. A nested value can only be replaced, and by one of its length.
struct Change {
    enum class How : std::uint8_t { taken_out = 2, replaced = 3, added = 4 } how;
    Path path;
    std::array<char, 2> vr = {};              // of what was taken out; "UN" if it is not known
    bool undefined_length = false;            // of what was taken out
    std::vector<std::uint8_t> original = {};  // unless it was added
    std::vector<std::uint8_t> sealed = {};    // the value in the sealed object, unless it was taken out
    bool operator==(const Change&) const = default;
};

/// Recorded, sealed in the blob, not bound: what archives may legitimately change. Absent: empty.
struct RecordedContext {
    std::vector<std::pair<std::uint32_t, std::string>> values;  // tag, value as it came, without padding
    bool operator==(const RecordedContext&) const = default;
};

/// What a sealing gateway says of itself and of the sending.
struct Origin {
    std::string gateway_id;
    std::string scanner_ae;     // calling AE title
    std::uint64_t time_ms = 0;  // milliseconds since 1970-01-01 UTC
};

struct ObjectDescription {
    BoundContext bound;
    RecordedContext recorded;
    std::string transfer_syntax;  // of the object as it came
    std::vector<Change> changes = {};
};

/// What one object is sealed with that does not depend on the object: DEK, also wrapped, salt, envelope id
/// and the derived keys. May be made before the object is there. Of one object only: moved, never copied.
class FreshKeys {
  public:
    /// With a study secret the mode is `key+registry`, without it is `key`. Keys and codec must outlive the
    /// sealer. Errors: random_unavailable, key_unavailable, codec_not_allowed.
    static Result<FreshKeys> make(const SealingKeys&, const Codec&, const StudySecret* = nullptr);
    FreshKeys(FreshKeys&&) noexcept;
    FreshKeys& operator=(FreshKeys&&) noexcept;
    ~FreshKeys();

  private:
    friend class ObjectSealer;
    struct Made;
    explicit FreshKeys(std::unique_ptr<Made>);
    std::unique_ptr<Made> made_;
};

class ObjectSealer {
  public:
    /// Errors: over_limit (a name of more than 255 bytes). A call out of order is a bug and throws
    /// std::logic_error.
    static Result<std::unique_ptr<ObjectSealer>> begin(FreshKeys, const ObjectIdentity&, const Origin&);
    /// With keys that are made now; errors of both.
    static Result<std::unique_ptr<ObjectSealer>> begin(const SealingKeys&, const Codec&,
                                                       const ObjectIdentity&, const Origin&,
                                                       const StudySecret* = nullptr);
    virtual ~ObjectSealer() = default;

    virtual const EnvelopeId& envelope_id() const = 0;
    virtual void begin_region(const Path&, std::uint32_t order, RegionKind) = 0;
    /// Encrypts in place (1 to unit_size bytes) and keeps the tag.
    virtual void seal_unit(std::span<std::uint8_t> unit) = 0;
    virtual void end_region() = 0;
    virtual std::uint64_t units() const = 0;
    /// Signs and closes; there may be changes without regions. Errors: over_limit, malformed (two changes of
    /// one path, or one that its type does not allow), key_unavailable.
    virtual Result<std::vector<std::uint8_t>> finish(const ObjectDescription&) = 0;
};

class ObjectOpener {
  public:
    /// Parses with limits, unwraps, checks commitment, MAC, signature and trust, in this order, and that the
    /// envelope was made for this identity: the AAD of the sealed blob and of the units holds it, so an
    /// envelope of another object fails here with bad_tag.
    static Result<std::unique_ptr<ObjectOpener>> begin(std::span<const std::uint8_t> envelope,
                                                       const OpeningKeys&, const Catalogue& allowed,
                                                       const ObjectIdentity&);
    virtual ~ObjectOpener() = default;

    virtual const EnvelopeId& envelope_id() const = 0;
    virtual const ObjectDescription& description() const = 0;
    virtual const Origin& origin() const = 0;
    virtual const std::vector<Region>& regions() const = 0;
    virtual std::uint64_t units() const = 0;
    /// Number of the first unit of a region.
    virtual std::uint64_t first_unit(std::size_t region) const = 0;
    /// Verifies, then decrypts in place. On bad_tag the unit's bytes are wiped. `number` is below units().
    virtual Result<void> open_unit(std::span<std::uint8_t> unit, std::uint64_t number) = 0;
};

/// The id of an envelope without any key. Errors: malformed, unknown_version, over_limit, unsupported_mode.
Result<EnvelopeId> envelope_id(std::span<const std::uint8_t> envelope);

}  // namespace portcullis::codec
