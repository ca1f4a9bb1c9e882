#pragma once
#include "gateway/base/bytes.hpp"

namespace portcullis {

/// Keeps nothing of what is written.
class Nowhere final : public ByteSink {
  public:
    void write(ByteView) override {}
};

}  // namespace portcullis
