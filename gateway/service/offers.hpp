#pragma once
// Transfer syntaxes of objects that were sealed native and may have been compressed since.

#include <string>
#include <vector>

#include "gateway/registry/registry.hpp"
#include "gateway/ul/pdu.hpp"

namespace portcullis::service {

/// Whether one of these transfer syntaxes is a native one.
bool has_native(const std::vector<std::string>& transfer_syntaxes);
bool has_encapsulated(const std::vector<std::string>& transfer_syntaxes);

/// For a C-GET: of SOP classes for which the viewer is also an SCP (PS3.7 D.3.3.4), takes native objects, and
/// of which the registry knows such, the archive is offered each lossless compression in a context of its own
/// behind the viewer's. The viewer's own contexts keep them only where objects were sealed so.
void offer_compressed(ul::AssociateRq& to_archive, const registry::Registry&);

/// For a C-MOVE: what comes compressed to us leaves native, and the destination is offered that, too.
void offer_native(ul::AssociateRq& to_destination);

/// For a C-MOVE to a destination for which objects are transcoded: it is offered Explicit and Implicit VR
/// Little Endian, each in a context of its own, beside what can become that; first where it is compressed.
void offer_uncompressed(ul::AssociateRq& to_destination);

}  // namespace portcullis::service
