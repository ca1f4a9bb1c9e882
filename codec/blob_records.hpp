#pragma once
// The plaintext of the sealed blob: what else was sealed with the object (FORMAT.md, sealed blob).

#include "codec/object.hpp"
#include "codec/wire.hpp"

namespace portcullis::codec {

struct BlobRecords {
    RecordedContext recorded;
    std::vector<Change> changes;
};

/// Whether each change is one that its type allows, and no two have the same path. Limits are not looked at.
bool are_well_formed(std::span<const Change>);

ByteVector encode_records(const BlobRecords&);
/// Errors: malformed, over_limit, unknown_version (a record that this version does not know).
Result<BlobRecords> decode_records(ByteSpan);

}  // namespace portcullis::codec
