#pragma once
// The Identifier of a C-MOVE or C-GET request (PS3.4 C.4.2.1.4, C.4.3.1.3): what it asks for, so that what
// comes back can be checked against it; and the Identifier of the response that names what failed.

#include <string>
#include <vector>

#include "gateway/base/bytes.hpp"
#include "gateway/base/error.hpp"
#include "gateway/image/identifiers.hpp"
#include "gateway/image/transfer_syntax.hpp"

namespace portcullis::image {

/// What a retrieval covers. Empty lists do not restrict.
struct RetrieveScope {
    std::string level;                     // (0008,0052)
    std::vector<std::string> patient_ids;  // (0010,0020)
    std::vector<Uid> studies;              // (0020,000D)
    std::vector<Uid> series;               // (0020,000E)
    std::vector<Uid> instances;            // (0008,0018)
    /// False if it names nothing at all: such a request covers nothing.
    bool empty() const;
    /// Whether an object with these identifiers was asked for.
    bool covers(const Identifiers&) const;
};

/// Errors: errc::malformed; at most 1 MiB.
Result<RetrieveScope> read_scope(ByteView identifier, const TransferSyntax&);

/// Failed SOP Instance UID List (0008,0058) of a response's Identifier; empty if absent.
Result<std::vector<Uid>> read_failed_list(ByteView identifier, const TransferSyntax&);
/// A data set that holds just that list.
Bytes write_failed_list(const std::vector<Uid>& failed, const TransferSyntax&);

}  // namespace portcullis::image
