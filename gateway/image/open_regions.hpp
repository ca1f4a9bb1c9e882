#pragma once
// Opens the regions of a sealed data set as it passes, and takes the envelope out of it.

#include "gateway/image/open.hpp"

namespace portcullis::image {

class RegionOpener : public Opener {
  public:
    /// What the envelope says that will open the object or be the reason why nothing does; nothing while
    /// there are several to choose from.
    virtual const codec::ObjectDescription* decided() const = 0;
};

std::unique_ptr<RegionOpener> make_region_opener(const OpenParameters&, const codec::OpeningKeys&);

}  // namespace portcullis::image
