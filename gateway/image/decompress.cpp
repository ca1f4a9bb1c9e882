#include <algorithm>

#include "gateway/image/element.hpp"
#include "gateway/image/error.hpp"
#include "gateway/image/fragments.hpp"
#include "gateway/image/frame_decoder.hpp"
#include "gateway/image/recode.hpp"
#include "gateway/image/stage.hpp"
#include "gateway/image/tags.hpp"

namespace portcullis::image {

namespace {

constexpr std::size_t longest_table = 16 * 1024 * 1024;  // bytes: two million frames
constexpr std::uint32_t longest_code = 16;               // bytes of a CS (PS3.5 6.2)
constexpr Encoding explicit_vr{true};

class Decompressor final : public Stage<Recoder> {
  public:
    Decompressor(const TransferSyntax& syntax, std::vector<NativePixels> sealed)
        : Stage(syntax), compression_(lossless_compression(syntax.uid).value()), sealed_(std::move(sealed)) {}

    Result<void> finish(ByteSink&) override { return finish_scan(); }

  private:
    /// What is done with the value of the current element.
    enum class Action { pass, drop, zero, hold_photometric, hold_table, fragments };

    Result<void> on_begin(const Element& element, ByteView header) override {
        action_ = action_for(element);
        switch (action_) {
            case Action::pass:
            case Action::zero:
                return pass(header);
            case Action::hold_photometric:
                held_.clear();
                return {};
            case Action::fragments:
                return begin_pixels(element);
            case Action::hold_table:
            case Action::drop:
                break;
        }
        return {};
    }

    Action action_for(const Element& element) const {
        const bool plain = element.form == Form::plain;
        switch (element.tag) {
            case tag::planar_configuration:
                return plain ? Action::zero : Action::pass;
            case tag::photometric_interpretation:
                return plain && element.length <= longest_code && compression_ == Compression::jpeg_2000
                           ? Action::hold_photometric
                           : Action::pass;
            case tag::image_group_length:  // not true any more
            case tag::pixel_group_length:
            case tag::extended_offset_table_lengths:
                return Action::drop;
            case tag::extended_offset_table:
                return plain && element.length <= longest_table ? Action::hold_table : Action::drop;
            case tag::pixel_data:
                return Action::fragments;
            default:
                return Action::pass;
        }
    }

    Result<void> on_value(ByteView bytes) override {
        switch (action_) {
            case Action::pass:
                return pass(bytes);
            case Action::zero:
                return pass(Bytes(bytes.size(), 0));
            case Action::hold_photometric:
                append(held_, bytes);
                return {};
            case Action::hold_table:
                append(extended_table_, bytes);
                return {};
            case Action::fragments:
                return take(bytes);
            case Action::drop:
                break;
        }
        return {};
    }

    Result<void> on_end(std::uint32_t) override {
        if (action_ == Action::hold_photometric) return end_photometric();
        return action_ == Action::fragments ? end_pixels() : Result<void>{};
    }

    /// JPEG 2000 alone renames the colours that it transforms, and decoding gives those back that were there.
    Result<void> end_photometric() {
        const bool transformed = without_padding(as_text(held_)) == "YBR_RCT";
        const ByteView value = transformed ? as_bytes("RGB ") : ByteView(held_);
        Bytes element;
        append_header(element, tag::photometric_interpretation, "CS",
                      static_cast<std::uint32_t>(value.size()), explicit_vr);
        append(element, value);
        return pass(element);
    }

    Result<void> begin_pixels(const Element& element) {
        if (element.form != Form::fragments) return fail(errc::wrong_encapsulation, tag::name(element.tag));
        const auto frames = Frames::of(attributes_.bound(syntax_));
        if (!frames) return fail(errc::context_differs, "the attributes do not say how large a frame is");
        frames_ = *frames;
        const std::uint64_t length = frames_.size();
        const NativePixels pixels{frames_.shape.size(), length};
        if (std::find(sealed_.begin(), sealed_.end(), pixels) == sealed_.end())
            return fail(errc::tampered, std::to_string(length) + " bytes of pixels are not what was sealed");
        Bytes header;
        append_header(header, tag::pixel_data, frames_.shape.bits_allocated > 8 ? "OW" : "OB",
                      static_cast<std::uint32_t>(length + length % 2), explicit_vr);
        frame_.resize(static_cast<std::size_t>(frames_.shape.size()));
        return pass(header);
    }

    /// The first item is the offset table.
    Result<void> begin_item(std::uint32_t length, ByteView) override {
        in_item_ = true;
        if (!std::exchange(table_begun_, true)) {
            in_table_ = true;
            if (length > longest_table) return fail(errc::tampered, "the offset table is too long");
            return {};
        }
        auto first = sorter_.begin_fragment(length);
        if (!first) return fail(errc::tampered, "a fragment where no frame can begin");
        if (*first) {
            if (auto ended = end_frame(); !ended) return ended;
            in_frame_ = true;
        }
        if (compressed_.size() + std::uint64_t{length} > most_compressed(frames_.shape))
            return fail(errc::tampered, "a compressed frame is longer than frames can be");
        return {};
    }

    Result<void> take(ByteView bytes) {
        if (!in_item_) return {};  // the delimitation
        append(in_table_ ? basic_table_ : compressed_, bytes);
        return {};
    }

    Result<void> end_item() override {
        in_item_ = false;
        if (!std::exchange(in_table_, false)) return {};
        auto begun = sorter_.begin(frames_.count, basic_table_, extended_table_);
        basic_table_ = extended_table_ = {};
        if (!begun) return fail(errc::tampered, "the offset table is not one of these frames");
        return {};
    }

    Result<void> end_pixels() {
        if (!table_begun_) return fail(errc::tampered, "no offset table");
        if (auto ended = sorter_.end(); !ended) return fail(errc::tampered, "frames are missing");
        if (auto ended = end_frame(); !ended) return ended;
        frame_ = compressed_ = {};
        return frames_.size() % 2 != 0 ? pass(Bytes(1, 0)) : Result<void>{};
    }

    /// The one before the one that begins, if there is one.
    Result<void> end_frame() {
        if (!std::exchange(in_frame_, false)) return {};
        ++decoded_;
        auto decoded = decode_frame(compression_, frames_.shape, std::exchange(compressed_, {}), frame_);
        if (!decoded)
            return fail(errc::tampered, "frame " + std::to_string(decoded_) + " does not decompress");
        return pass(frame_);
    }

    const Compression compression_;
    const std::vector<NativePixels> sealed_;
    Action action_ = Action::pass;
    Bytes held_;  // Photometric Interpretation
    Bytes basic_table_, extended_table_;
    Frames frames_{};
    FragmentSorter sorter_;
    bool table_begun_ = false;
    bool in_table_ = false;
    bool in_item_ = false;
    bool in_frame_ = false;
    std::uint32_t decoded_ = 0;  // frames
    Bytes compressed_;           // of the frame that comes
    Bytes frame_;
};

}  // namespace

std::unique_ptr<Recoder> make_decompressor(const TransferSyntax& syntax, std::vector<NativePixels> sealed) {
    return std::make_unique<Decompressor>(syntax, std::move(sealed));
}

}  // namespace portcullis::image
