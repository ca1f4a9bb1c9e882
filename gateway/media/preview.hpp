#pragma once
// What sealing would do to a file, told by doing it to nowhere, under keys that nobody keeps.

#include <vector>

#include "codec/object.hpp"
#include "gateway/media/treat.hpp"

namespace portcullis::media {

struct Preview {
    std::vector<codec::Region> regions;  // none, and no changes: nothing to seal
    std::vector<codec::Change> changes;
};

/// With whatever `means` says of what to seal, or by default if there are none. Throws Refused if it cannot
/// be sealed.
Preview preview(Source&, const Looked&, const Means*);

}  // namespace portcullis::media
