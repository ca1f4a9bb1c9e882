#include "gateway/service/held_header.hpp"

#include "gateway/base/nowhere.hpp"

namespace portcullis::service {

/// What the reader passes on may lack the begin of an element that was cut: all of it is held.
Result<void> HeldHeader::take(ByteView bytes) {
    Nowhere nowhere;
    const auto read = reader_->push(bytes, nowhere);
    held_.write(bytes);
    if (read && held_.status()) return held_.status();
    return read;
}

}  // namespace portcullis::service
