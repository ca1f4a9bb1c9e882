#pragma once
// Paths as the envelope holds them (FORMAT.md, conventions).

#include "codec/object.hpp"
#include "codec/wire.hpp"

namespace portcullis::codec {

/// Of at most limits::path_depth sequences.
void write_path(WireWriter&, const Path&);
/// Into `path`, whose memory is used again. Errors: malformed, over_limit.
Result<void> read_path(WireReader&, Path& path);

}  // namespace portcullis::codec
