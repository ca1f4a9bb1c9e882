#pragma once
// A small data set as values that can be compared, whatever its encoding.

#include <map>
#include <string>
#include <vector>

#include "codec/object.hpp"
#include "gateway/base/bytes.hpp"
#include "gateway/base/error.hpp"
#include "gateway/image/transfer_syntax.hpp"

namespace portcullis::probe {

struct Value {
    std::string vr;            // empty in Implicit VR
    Bytes bytes = {};          // words in Little Endian; empty for sequences and fragments
    std::vector<Bytes> items;  // of encapsulated pixel data: the offset table, then the fragments
    bool encapsulated = false;
};

/// Of every element at any depth; sequences themselves have an empty value.
using DataSet = std::map<codec::Path, Value>;

/// Errors: those of image::Scanner; image::errc::grows_too_much over 64 MiB of inflated bytes.
Result<DataSet> read_data_set(ByteView, const image::TransferSyntax&);

/// Text without padding; empty if it is not there.
std::string text_of(const DataSet&, std::uint32_t tag);
const Value* find(const DataSet&, std::uint32_t tag);

}  // namespace portcullis::probe
