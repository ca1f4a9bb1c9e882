#include "gateway/assurance/image_file.hpp"

#include <algorithm>
#include <fstream>

#include "gateway/base/nowhere.hpp"
#include "gateway/image/deflate.hpp"
#include "gateway/image/element.hpp"
#include "gateway/image/open.hpp"
#include "gateway/image/regions.hpp"
#include "gateway/image/stage.hpp"
#include "gateway/image/tags.hpp"

namespace portcullis::assurance {

namespace {

namespace fs = std::filesystem;
using image::errc;
namespace tag = image::tag;

constexpr std::uint32_t planar_configuration = 0x00280006;
constexpr std::size_t preamble = 132;  // 128 bytes of anything and "DICM" (PS3.10 7.1)

/// Samples of a frame that has neighbours worth to be looked at; bounds the number of frames, too.
constexpr std::size_t least_raster = 64;

/// Keeps what the gateway would seal: the same regions, by the same rules, as image::Sealer.
class Collector final : public image::Stage<image::Reader> {
  public:
    using Stage::Stage;

    Result<void> finish() override { return finish_scan(); }
    std::vector<Bytes>& regions() { return regions_; }
    /// Nothing if the pixels are not samples in a raster, or not of a depth that is judged.
    std::optional<Layout> layout() const {
        const auto bound = attributes_.bound(syntax_);
        if (syntax_.encapsulated || regions_.empty() || !bound.rows || !bound.columns ||
            !bound.bits_allocated)
            return std::nullopt;
        Layout layout{*bound.columns, *bound.rows};
        const auto frames = bound.number_of_frames.value_or(1);
        layout.samples = bound.samples_per_pixel.value_or(1);
        layout.bits = *bound.bits_allocated;
        layout.is_signed = bound.pixel_representation == 1;
        layout.planar = planar_;
        const bool is_depth = layout.bits == 1 || layout.bits == 8 || layout.bits == 16 || layout.bits == 32;
        if (!is_depth || layout.columns * layout.rows < least_raster || frames < 1) return std::nullopt;
        const std::uint64_t frame_bits =
            std::uint64_t{layout.columns} * layout.rows * layout.samples * layout.bits;
        if (frame_bits == 0 || static_cast<std::uint64_t>(frames) > 8 * regions_.front().size() / frame_bits)
            return std::nullopt;
        layout.frames = static_cast<std::size_t>(frames);
        return layout;
    }

  private:
    Result<void> on_begin(const image::Element& element, ByteView) override {
        tag_ = element.tag;
        left_ = 0;
        items_ = 0;
        if (!image::is_pixel_data(tag_)) return {};
        if (!image::is_encoded_as(element, syntax_))
            return fail(errc::wrong_encapsulation, tag::name(tag_) + " is not in the form of its syntax");
        if (element.form == image::Form::plain)
            begin_region(image::pixel_bytes(attributes_.bound(syntax_), element.length));
        return {};
    }
    Result<void> begin_item(std::uint32_t length, ByteView) override {
        if (items_++ > 0) begin_region(length);  // the first is the offset table (PS3.5 A.4)
        return {};
    }
    Result<void> on_value(ByteView bytes) override {
        if (tag_ == planar_configuration && !bytes.empty()) planar_ |= bytes.front() == 1;
        const auto taken = static_cast<std::size_t>(std::min<std::uint64_t>(left_, bytes.size()));
        if (taken > 0) append(regions_.back(), bytes.first(taken));
        left_ -= taken;
        return {};
    }
    void begin_region(std::uint64_t length) {
        regions_.emplace_back();
        left_ = length;
    }

    std::vector<Bytes> regions_;
    std::uint64_t left_ = 0;  // bytes of the region that have not come
    std::uint32_t items_ = 0;
    std::uint32_t tag_ = 0;
    bool planar_ = false;
};

Bytes read_file(const fs::path& path) {
    std::ifstream file(path, std::ios::binary);
    return Bytes(std::istreambuf_iterator<char>(file), {});
}

/// The transfer syntax out of the File Meta Information, which is in Explicit VR Little Endian (PS3.10 7.1),
/// and where the data set begins.
struct Meta {
    std::string transfer_syntax;
    std::size_t end = preamble;
};

Meta read_meta(ByteView file) {
    Meta meta;
    while (meta.end + 12 <= file.size() && load_le16(&file[meta.end]) == 2) {
        const std::uint8_t* header = &file[meta.end];
        const bool is_short = image::has_short_length(as_text({header + 4, 2}));
        const std::size_t value = meta.end + (is_short ? 8 : 12);
        const std::size_t length = is_short ? load_le16(header + 6) : load_le32(header + 8);
        if (length > file.size() - value) break;
        if (load_le16(header + 2) == 0x0010)
            meta.transfer_syntax = image::without_padding(as_text(file.subspan(value, length)));
        meta.end = value + length;
    }
    return meta;
}

}  // namespace

std::variant<Image, Skipped> read_image(const fs::path& path) {
    const auto skip = [&](std::string why) { return Skipped{path.string(), std::move(why)}; };
    std::error_code error;
    const auto size = fs::file_size(path, error);
    if (error) return skip(error.message());
    if (size > largest_file) return skip("larger than 2 GiB");
    const Bytes file = read_file(path);
    if (file.size() != size) return skip("cannot be read");
    if (size < preamble || as_text(ByteView(file).subspan(128, 4)) != "DICM") return skip("no DICOM file");
    const Meta meta = read_meta(file);
    const auto uid = Uid::parse(meta.transfer_syntax);
    if (!uid) return skip("names no transfer syntax");
    const auto syntax = image::carried_transfer_syntax(*uid);
    if (!syntax) return skip("the gateway does not carry transfer syntax " + uid->str());
    if (syntax->encoding.big_endian) return skip("is in big endian, " + uid->str() + ", which is not judged");
    ByteView data_set = ByteView(file).subspan(meta.end);
    Bytes plain;
    if (syntax->deflated) {
        auto whole = image::inflated(data_set, largest_file);
        if (!whole) return skip(whole.error().message());
        plain = std::move(*whole);
        data_set = plain;
    }
    Collector collector(*syntax);
    Nowhere nowhere;
    auto done = collector.push(data_set, nowhere);
    if (done) done = collector.finish();
    if (!done)
        return skip(collector.failure_detail().empty() ? done.error().message() : collector.failure_detail());
    Image found{path.string(), uid->str(), !syntax->encapsulated, {}, collector.layout()};
    found.regions = std::move(collector.regions());
    if (found.bytes() == 0) return skip("no pixels");
    return found;
}

std::vector<fs::path> files_under(const fs::path& path) {
    if (!fs::is_directory(path)) return {path};
    std::vector<fs::path> files;
    for (const auto& entry :
         fs::recursive_directory_iterator(path, fs::directory_options::skip_permission_denied))
        if (entry.is_regular_file()) files.push_back(entry.path());
    std::sort(files.begin(), files.end());
    return files;
}

}  // namespace portcullis::assurance
