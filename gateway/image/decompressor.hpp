#pragma once
// What decompressing has in common, whether it is to find what was sealed or to serve who takes nothing else:
// the fragments of a frame are put together and decoded, one frame at a time.

#include <string>

#include "gateway/image/fragments.hpp"
#include "gateway/image/frame_decoder.hpp"
#include "gateway/image/recode.hpp"
#include "gateway/image/stage.hpp"

namespace portcullis::image {

class Decompressor : public Stage<Recoder> {
  public:
    Result<void> finish(ByteSink&) override { return finish_scan(); }

  protected:
    /// `damaged`: what frames are called that do not decode.
    Decompressor(const TransferSyntax& syntax, Compression compression, ErrorCode damaged)
        : Stage(syntax), compression_(compression), damaged_(damaged) {}

    /// Before anything is allocated for them: whether to decode such frames, and what their samples are.
    virtual Result<Samples> judge(const Frames&) = 0;
    /// Photometric Interpretation of what comes out; both without padding.
    virtual Result<std::string> decoded_photometric(const std::string& coded) = 0;

    Result<void> on_begin(const Element& element, ByteView header) override;
    Compression compression() const { return compression_; }

  private:
    /// What is done with the value of the current element.
    enum class Action { pass, drop, zero, hold_photometric, hold_table, fragments };

    Action action_for(const Element&) const;
    Result<void> on_value(ByteView bytes) override;
    Result<void> on_end(std::uint32_t) override;
    Result<void> begin_item(std::uint32_t length, ByteView) override;
    Result<void> end_item() override;

    Result<void> end_photometric();
    Result<void> begin_pixels(const Element&);
    Result<void> take(ByteView bytes);
    Result<void> end_pixels();
    Result<void> end_frame();

    const Compression compression_;
    const ErrorCode damaged_;
    Action action_ = Action::pass;
    Bytes held_header_, held_;  // Photometric Interpretation
    Bytes basic_table_, extended_table_;
    Frames frames_{};
    Samples samples_{};
    FragmentSorter sorter_;
    bool table_begun_ = false;
    bool in_table_ = false;
    bool in_item_ = false;
    bool in_frame_ = false;
    std::uint32_t decoded_ = 0;  // frames
    Bytes compressed_;           // of the frame that comes
    Bytes frame_;
};

}  // namespace portcullis::image
