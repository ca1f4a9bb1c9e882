#pragma once
// What sealing changes in a data set besides its regions, so that an archive neither learns from small values
// what the pixels are nor destroys them: values that say something about the pixels are taken out, or, in
// sequences, blanked; Bits Stored says that every bit counts (archives that compress keep no others); Image
// Comments tells whoever opens the object what it is: the mark. All of it is in the envelope (FORMAT.md,
// "Sealed blob"), and is put back on opening.

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "codec/object.hpp"
#include "gateway/base/bytes.hpp"
#include "gateway/base/error.hpp"
#include "gateway/base/region_rules.hpp"
#include "gateway/image/identifiers.hpp"
#include "gateway/image/scan.hpp"
#include "gateway/image/transfer_syntax.hpp"

namespace portcullis::image {

/// Changes a data set as it passes to the sealer of regions. Where the object turns out to have nothing to
/// seal it passes as it came.
class Changer {
  public:
    virtual ~Changer() = default;
    virtual Result<void> push(ByteView bytes, ByteSink& out) = 0;
    virtual Result<void> finish(ByteSink& out) = 0;
    /// Complete after finish().
    virtual std::vector<codec::Change>& changes() = 0;
    virtual const Identifiers& identifiers() const = 0;
    virtual const std::string& failure_detail() const = 0;
};

/// Who writes the envelope.
class EnvelopeSource {
  public:
    /// The id of the object's envelope, which there will be from now on.
    virtual Result<codec::EnvelopeId> begin_envelope() = 0;

  protected:
    ~EnvelopeSource() = default;
};

struct ChangeParameters {
    TransferSyntax transfer_syntax;
    std::string gateway_id;  // named by the mark
    bool mark;
    std::filesystem::path spool_folder;
    RegionRules rules;
};

std::unique_ptr<Changer> make_changer(const ChangeParameters&, EnvelopeSource&);

/// An element of the top level that is left out. `usual_vr`: what it has if the data set does not say;
/// `value` as it came. Errors: malformed, if in Explicit VR it has no value representation; not_put_back()
/// says so.
Result<codec::Change> taken_out(const Element&, std::string_view usual_vr, Bytes value);
std::string not_put_back(std::uint32_t tag);

/// Undoes changes in a data set as it passes.
class Restorer {
  public:
    virtual ~Restorer() = default;
    virtual Result<void> push(ByteView bytes, ByteSink& out) = 0;
    virtual Result<void> finish(ByteSink& out) = 0;
    /// Values that somebody has edited since, and which stay as they are. Complete after finish().
    virtual const std::vector<codec::Path>& edited() const = 0;
    virtual const Identifiers& identifiers() const = 0;
    virtual const std::string& failure_detail() const = 0;
};

/// `original`: the transfer syntax in which the object was sealed.
std::unique_ptr<Restorer> make_restorer(const TransferSyntax& returned, std::vector<codec::Change>,
                                        const TransferSyntax& original);

/// The bound context as it was before the changes.
codec::BoundContext undone(codec::BoundContext, const std::vector<codec::Change>&);

}  // namespace portcullis::image
