#include <algorithm>

#include "gateway/image/error.hpp"
#include "gateway/image/frame.hpp"
#include "gateway/image/recode.hpp"
#include "gateway/image/stage.hpp"
#include "gateway/image/tags.hpp"

namespace portcullis::image {

namespace {

/// Colour by pixel into colour by plane, or the reverse: `rows` x `columns` samples, as of a matrix, become
/// `columns` x `rows`.
void transpose(ByteView samples, std::size_t rows, std::size_t columns, std::size_t size,
               MutableByteView out) {
    auto* to = out.data();
    for (std::size_t column = 0; column < columns; ++column)
        for (std::size_t row = 0; row < rows; ++row)
            to = std::copy_n(samples.data() + (row * columns + column) * size, size, to);
}

class PlaneSwapper final : public Stage<Recoder> {
  public:
    using Stage::Stage;
    Result<void> finish(ByteSink&) override { return finish_scan(); }

  private:
    enum class Action { pass, configuration, pixels };

    Result<void> on_begin(const Element& element, ByteView header) override {
        action_ = Action::pass;
        const bool plain = element.form == Form::plain;
        if (plain && element.tag == tag::planar_configuration && element.length == 2) {
            action_ = Action::configuration;
            swaps_bytes_ = element.encoding.big_endian;
        }
        if (element.tag == tag::pixel_data) {
            if (auto begun = begin_pixels(element); !begun) return begun;
            action_ = Action::pixels;
        }
        return pass(header);
    }

    Result<void> begin_pixels(const Element& element) {
        const auto frames = Frames::of(attributes_.bound(syntax_));
        const bool known = configuration_ == 0 || configuration_ == 1;
        const bool planes = frames && frames->shape.samples > 1 && known && element.form == Form::plain &&
                            element.word() <= frames->shape.sample_size();  // else bytes have changed places
        if (!planes || frames->size() + frames->size() % 2 != element.length)
            return fail(errc::context_differs, "the pixels are not in planes");
        shape_ = frames->shape;
        left_ = frames->count;
        return {};
    }

    Result<void> on_value(ByteView bytes) override {
        if (action_ == Action::configuration) {
            append(held_, bytes);
            return {};
        }
        return action_ == Action::pixels ? take(bytes) : pass(bytes);
    }

    Result<void> on_end(std::uint32_t) override {
        if (std::exchange(action_, Action::pass) != Action::configuration) return {};
        configuration_ = swaps_bytes_ ? load_be16(held_.data()) : load_le16(held_.data());
        held_[swaps_bytes_ ? 1 : 0] ^= 1;
        return pass(held_);
    }

    Result<void> take(ByteView bytes) {
        const auto size = static_cast<std::size_t>(shape_.size());
        while (!bytes.empty() && left_ > 0) {
            const auto part = bytes.first(std::min(bytes.size(), size - held_frame_.size()));
            bytes = bytes.subspan(part.size());
            append(held_frame_, part);
            if (held_frame_.size() < size) return {};
            swap();
            --left_;
        }
        return pass(bytes);  // padding
    }

    void swap() {
        swapped_.resize(held_frame_.size());
        const auto pixels = static_cast<std::size_t>(shape_.pixels());
        if (configuration_ == 0)
            transpose(held_frame_, pixels, shape_.samples, shape_.sample_size(), swapped_);
        else
            transpose(held_frame_, shape_.samples, pixels, shape_.sample_size(), swapped_);
        held_frame_.clear();
        passage_.pass(swapped_);
    }

    Action action_ = Action::pass;
    bool swaps_bytes_ = false;  // of Planar Configuration
    Bytes held_;                // Planar Configuration
    std::optional<std::uint16_t> configuration_;
    FrameShape shape_{};
    std::uint32_t left_ = 0;  // frames
    Bytes held_frame_, swapped_;
};

}  // namespace

std::unique_ptr<Recoder> make_plane_swapper(const TransferSyntax& syntax) {
    return std::make_unique<PlaneSwapper>(syntax);
}

}  // namespace portcullis::image
