#include "gateway/image/decompressor.hpp"

#include "gateway/image/element.hpp"
#include "gateway/image/error.hpp"
#include "gateway/image/tags.hpp"

namespace portcullis::image {

namespace {

constexpr std::size_t longest_table = 16 * 1024 * 1024;  // bytes: two million frames
constexpr std::uint32_t longest_code = 16;               // bytes of a CS (PS3.5 6.2)
constexpr Encoding explicit_vr{true};

}  // namespace

Result<void> Decompressor::on_begin(const Element& element, ByteView header) {
    action_ = action_for(element);
    switch (action_) {
        case Action::pass:
        case Action::zero:
            return pass(header);
        case Action::hold_photometric:
            held_header_.assign(header.begin(), header.end());
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

Decompressor::Action Decompressor::action_for(const Element& element) const {
    const bool plain = element.form == Form::plain;
    switch (element.tag) {
        case tag::planar_configuration:
            return plain ? Action::zero : Action::pass;
        case tag::photometric_interpretation:
            return plain && element.length <= longest_code ? Action::hold_photometric : Action::pass;
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

Result<void> Decompressor::on_value(ByteView bytes) {
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

Result<void> Decompressor::on_end(std::uint32_t) {
    if (action_ == Action::hold_photometric) return end_photometric();
    return action_ == Action::fragments ? end_pixels() : Result<void>{};
}

Result<void> Decompressor::end_photometric() {
    const std::string coded(without_padding(as_text(held_)));
    auto decoded = decoded_photometric(coded);
    if (!decoded) return decoded.error();
    if (*decoded == coded) {
        passage_.pass(held_header_);
        return pass(held_);
    }
    if (decoded->size() % 2 != 0) *decoded += ' ';
    Bytes element;
    append_header(element, tag::photometric_interpretation, "CS", static_cast<std::uint32_t>(decoded->size()),
                  explicit_vr);
    append(element, as_bytes(*decoded));
    return pass(element);
}

Result<void> Decompressor::begin_pixels(const Element& element) {
    if (element.form != Form::fragments) return fail(errc::wrong_encapsulation, tag::name(element.tag));
    const auto frames = Frames::of(attributes_.bound(syntax_));
    if (!frames) return fail(errc::context_differs, "the attributes do not say how large a frame is");
    auto samples = judge(*frames);
    if (!samples) return samples.error();
    frames_ = *frames;
    samples_ = *samples;
    const std::uint64_t length = frames_.size();
    Bytes header;
    append_header(header, tag::pixel_data, frames_.shape.bits_allocated > 8 ? "OW" : "OB",
                  static_cast<std::uint32_t>(length + length % 2), explicit_vr);
    frame_.resize(static_cast<std::size_t>(frames_.shape.size()));
    return pass(header);
}

/// The first item is the offset table.
Result<void> Decompressor::begin_item(std::uint32_t length, ByteView) {
    in_item_ = true;
    if (!std::exchange(table_begun_, true)) {
        in_table_ = true;
        if (length > longest_table) return fail(damaged_, "the offset table is too long");
        return {};
    }
    auto first = sorter_.begin_fragment(length);
    if (!first) return fail(damaged_, "a fragment where no frame can begin");
    if (*first) {
        if (auto ended = end_frame(); !ended) return ended;
        in_frame_ = true;
    }
    if (compressed_.size() + std::uint64_t{length} > most_compressed(frames_.shape))
        return fail(damaged_, "a compressed frame is longer than frames can be");
    return {};
}

Result<void> Decompressor::take(ByteView bytes) {
    if (!in_item_) return {};  // the delimitation
    append(in_table_ ? basic_table_ : compressed_, bytes);
    return {};
}

Result<void> Decompressor::end_item() {
    in_item_ = false;
    if (!std::exchange(in_table_, false)) return {};
    auto begun = sorter_.begin(frames_.count, basic_table_, extended_table_);
    basic_table_ = extended_table_ = {};
    if (!begun) return fail(damaged_, "the offset table is not one of these frames");
    return {};
}

Result<void> Decompressor::end_pixels() {
    if (!table_begun_) return fail(damaged_, "no offset table");
    if (auto ended = sorter_.end(); !ended) return fail(damaged_, "frames are missing");
    if (auto ended = end_frame(); !ended) return ended;
    frame_ = compressed_ = {};
    return frames_.size() % 2 != 0 ? pass(Bytes(1, 0)) : Result<void>{};
}

/// The one before the one that begins, if there is one.
Result<void> Decompressor::end_frame() {
    if (!std::exchange(in_frame_, false)) return {};
    ++decoded_;
    auto decoded =
        decode_frame(compression_, frames_.shape, samples_, std::exchange(compressed_, {}), frame_);
    if (!decoded) return fail(damaged_, "frame " + std::to_string(decoded_) + " does not decompress");
    return pass(frame_);
}

}  // namespace portcullis::image
