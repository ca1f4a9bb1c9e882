#pragma once
// Whether what would be written is there already.

#include "gateway/base/bytes.hpp"
#include "gateway/media/source.hpp"

namespace portcullis::media {

/// Takes bytes and compares them with those of a file.
class Comparer final : public ByteSink {
  public:
    /// From its beginning.
    explicit Comparer(Source& file) : file_(file) { file_.rewind(); }
    void write(ByteView) override;
    /// Whether all that was written is all that is in the file.
    bool equal() const { return equal_ && compared_ == file_.size(); }

  private:
    Source& file_;
    ByteView block_;  // what was read and not compared yet
    std::uint64_t compared_ = 0;
    bool equal_ = true;
};

class NullSink final : public ByteSink {
  public:
    void write(ByteView) override {}
};

}  // namespace portcullis::media
