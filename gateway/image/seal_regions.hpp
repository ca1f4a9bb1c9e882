#pragma once
// Seals the regions of a data set as it passes, and puts the envelope in its place.

#include "gateway/image/changes.hpp"
#include "gateway/image/seal.hpp"

namespace portcullis::image {

class RegionSealer : public EnvelopeSource {
  public:
    virtual ~RegionSealer() = default;
    virtual Result<void> push(ByteView bytes, ByteSink& out) = 0;
    /// `changes`: what the data set that was pushed already went through.
    virtual Result<Sealed> finish(ByteSink& out, std::vector<codec::Change> changes) = 0;
    virtual const Identifiers& identifiers() const = 0;
    virtual const std::string& failure_detail() const = 0;
};

std::unique_ptr<RegionSealer> make_region_sealer(const SealParameters&, const codec::SealingKeys&,
                                                 std::optional<codec::FreshKeys> fresh);

}  // namespace portcullis::image
