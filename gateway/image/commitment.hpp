#pragma once
// What a Storage Commitment Request and its result say (PS3.4 tables J.3-1 and J.3-2).

#include <cstdint>
#include <vector>

#include "gateway/base/bytes.hpp"
#include "gateway/base/error.hpp"
#include "gateway/base/names.hpp"
#include "gateway/image/transfer_syntax.hpp"

namespace portcullis::image {

struct Commitment {
    Uid transaction;              // (0008,1195)
    std::vector<Uid> referenced;  // (0008,1199): to be committed, or committed
    std::vector<Uid> failed;      // (0008,1198): of a result
};

/// What is kept of one until it is answered.
struct CommitmentSummary {
    CommitmentSummary(const Commitment& of)
        : transaction(of.transaction), instances(of.referenced.size()), failed(of.failed.size()) {}
    Uid transaction;
    std::uint64_t instances;
    std::uint64_t failed;
};

/// Bytes of a data set that is read.
inline constexpr std::size_t longest_commitment = 8 * 1024 * 1024;
/// That it may name.
inline constexpr std::size_t most_committed = 100'000;

/// Errors: errc::malformed, also without a transaction, for a longer data set, and for more instances.
Result<Commitment> read_commitment(ByteView data_set, const TransferSyntax&);

}  // namespace portcullis::image
