#pragma once
#include "gateway/base/bytes.hpp"

namespace portcullis::image {

/// Keeps nothing of what is written.
class Nowhere final : public ByteSink {
  public:
    void write(ByteView) override {}
};

}  // namespace portcullis::image
