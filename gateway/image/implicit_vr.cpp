#include "gateway/image/implicit_vr.hpp"

#include "gateway/image/element.hpp"
#include "gateway/image/error.hpp"
#include "gateway/image/stage.hpp"
#include "gateway/image/tags.hpp"

namespace portcullis::image {

namespace {

constexpr Encoding implicit_vr{false};

class ImplicitWriter final : public Stage<Recoder> {
  public:
    ImplicitWriter() : Stage(decompressed_syntax()) {}
    Result<void> finish(ByteSink&) override { return finish_scan(); }

  private:
    /// Of the bytes that come: an item or a delimitation, or those of a value.
    enum class Coming { structure, value, left_out };

    Result<void> on_begin(const Element& element, ByteView) override { return begin(element); }
    Result<void> begin_nested(const Element& element, ByteView) override { return begin(element); }

    Result<void> begin(const Element& element) {
        if (element.form == Form::fragments) return fail(errc::wrong_encapsulation, tag::name(path()));
        const bool plain = element.form == Form::plain;
        coming_ = plain ? Coming::value : Coming::structure;
        if (plain && tag::is_group_length(element.tag)) {
            coming_ = Coming::left_out;
            return {};
        }
        Bytes header;
        append_header(header, element.tag, {}, plain ? element.length : undefined_length, implicit_vr);
        return pass(header);
    }

    Result<void> on_value(ByteView bytes) override {
        if (coming_ == Coming::left_out) return {};
        return coming_ == Coming::value ? pass(bytes) : mark(bytes);
    }

    /// The scanner gives items and delimitations by themselves, whole.
    Result<void> mark(ByteView marker) {
        const std::uint32_t tag = std::uint32_t{load_le16(marker.data())} << 16 | load_le16(&marker[2]);
        if (tag != tag::item) return pass(marker);
        Bytes item;
        append_item_header(item, undefined_length, implicit_vr);
        return pass(item);
    }

    Result<void> end_of_defined(bool is_item) override {
        Bytes delimitation;
        append_header(delimitation, is_item ? tag::item_delimitation : tag::sequence_delimitation, {}, 0,
                      implicit_vr);
        return pass(delimitation);
    }

    Result<void> on_end(std::uint32_t) override { return end_nested(); }
    Result<void> end_nested() override {
        coming_ = Coming::structure;
        return {};
    }

    Coming coming_ = Coming::structure;
};

}  // namespace

std::unique_ptr<Recoder> make_implicit_writer() {
    return std::make_unique<ImplicitWriter>();
}

}  // namespace portcullis::image
