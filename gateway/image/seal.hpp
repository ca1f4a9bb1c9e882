#pragma once
// Sealing in the stream: bytes of a data set in, bytes of the sealed data set out. Memory does not depend on
// the size of the object (one unit, a bounded element header, the tags); what comes behind the place of the
// envelope waits in a spool.
//
// What is sealed, at any depth, regions.hpp and the rules say; every fragment is sealed by itself. What else
// is changed, changes.hpp says. Everything else passes byte for byte. Errors: those of the scanner
// (malformed, too_deep, too_many_elements, duplicate_pixel_data), malformed also where two values that are
// sealed could be taken for each other, wrong_encapsulation, sealing_failed (codec, keys, a full disk),
// not_sealable (limits, no free private block).

#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "codec/object.hpp"
#include "gateway/base/bytes.hpp"
#include "gateway/base/error.hpp"
#include "gateway/base/region_rules.hpp"
#include "gateway/image/identifiers.hpp"
#include "gateway/image/transfer_syntax.hpp"

namespace portcullis::image {

struct SealParameters {
    TransferSyntax transfer_syntax;
    codec::ObjectIdentity identity;  // SOP UIDs of the command set
    codec::Origin origin;
    const codec::Codec* codec;
    bool mark = true;                                 // in Image Comments
    std::filesystem::path spool_folder = "/var/tmp";  // of an unlinked, encrypted file (spool.hpp)
    RegionRules rules{};
};

/// What was done to an object.
struct Sealed {
    bool nothing_to_seal = false;  // no region: no envelope was added
    bool foreign_block = false;    // a block of ours was there already: now sealed like any private value
    codec::EnvelopeId id{};
    Bytes envelope;
    std::uint64_t regions = 0;
    std::uint64_t bytes = 0;  // of the regions
    std::uint64_t units = 0;
    Identifiers identifiers;
};

class Sealer {
  public:
    virtual ~Sealer() = default;
    /// Takes the next bytes of the data set; writes to `out` what may go on. After an error it takes no more,
    /// and the object must not be completed at the archive.
    virtual Result<void> push(ByteView bytes, ByteSink& out) = 0;
    /// The data set is complete: the envelope and whatever follows it is written.
    virtual Result<Sealed> finish(ByteSink& out) = 0;
    virtual const Identifiers& identifiers() const = 0;
    /// Where and what, for the log; no patient data. Empty if nothing failed.
    virtual const std::string& failure_detail() const = 0;
};

/// `fresh`: keys for the object, of the same codec, where they are there already. Else they are made when
/// there is something to seal.
std::unique_ptr<Sealer> make_sealer(const SealParameters&, const codec::SealingKeys&,
                                    std::optional<codec::FreshKeys> fresh = std::nullopt);

}  // namespace portcullis::image
