#pragma once
// Whether what would be written is there already.

#include <functional>

#include "gateway/base/bytes.hpp"
#include "gateway/image/deflate.hpp"
#include "gateway/media/source.hpp"

namespace portcullis::media {

/// A file with a deflated data set, read as if that were not deflated: two streams may be of one data set.
class InflatedSource {
  public:
    /// From its beginning. `head`: bytes before the data set.
    InflatedSource(Source& file, std::size_t head) : file_(file), head_left_(head) { file_.rewind(); }

    /// The next bytes; empty at the end, and where there is no such stream.
    ByteView next();
    /// At the end: that the stream was one from beginning to end.
    bool is_sound() const { return is_sound_; }

  private:
    Source& file_;
    std::size_t head_left_;
    image::Inflater inflater_;
    ByteView rest_;  // of a block of the file
    bool is_sound_ = true;
};

/// Takes bytes and compares them with those of a file.
class Comparer final : public ByteSink {
  public:
    /// From its beginning.
    explicit Comparer(Source& file) : next_([&file] { return file.next(); }) { file.rewind(); }
    explicit Comparer(InflatedSource& file) : next_([&file] { return file.next(); }) {}
    void write(ByteView) override;
    /// Whether all that was written is all that is in the file.
    bool equal() { return equal_ && block_.empty() && next_().empty(); }

  private:
    const std::function<ByteView()> next_;
    ByteView block_;  // what was read and not compared yet
    bool equal_ = true;
};

/// Takes a file with a deflated data set and hands it on as if that were not deflated.
class InflatingSink final : public ByteSink {
  public:
    InflatingSink(std::size_t head, ByteSink& out) : head_left_(head), out_(out) {}
    void write(ByteView) override;
    /// At the end: that the stream was one from beginning to end.
    bool is_sound() { return is_sound_ && inflater_.finish(); }

  private:
    std::size_t head_left_;
    ByteSink& out_;
    image::Inflater inflater_;
    bool is_sound_ = true;
};

}  // namespace portcullis::media
