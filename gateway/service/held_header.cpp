#include "gateway/service/held_header.hpp"

namespace portcullis::service {

Result<void> HeldHeader::take(ByteView bytes) {
    const auto read = reader_->push(bytes, held_);
    if (read && held_.status()) return held_.status();
    return read;
}

}  // namespace portcullis::service
