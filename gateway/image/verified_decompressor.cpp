#include "gateway/image/verified_decompressor.hpp"

#include <algorithm>
#include <array>
#include <string_view>

#include "gateway/image/decompressor.hpp"
#include "gateway/image/element.hpp"
#include "gateway/image/error.hpp"
#include "gateway/image/tags.hpp"

namespace portcullis::image {

namespace {

constexpr std::uint64_t most_samples = 64 * 1024 * 1024;  // of a frame

/// Photometric Interpretation as it is coded, and decoded (PS3.5 8.2, PS3.3 C.7.6.3.1.2). Luminance and
/// chrominance that lossy JPEG has coded become RGB, which every receiver of colours knows; a coder without a
/// loss keeps the colours that it has, so that nothing is lost here. No decoder leaves chrominance at a lower
/// resolution.
struct Colours {
    std::string_view coded, decoded;
};
constexpr std::array<Colours, 3> grey = {
    {{"MONOCHROME1", "MONOCHROME1"}, {"MONOCHROME2", "MONOCHROME2"}, {"PALETTE COLOR", "PALETTE COLOR"}}};
constexpr std::array<Colours, 3> kept = {
    {{"RGB", "RGB"}, {"YBR_FULL", "YBR_FULL"}, {"YBR_FULL_422", "YBR_FULL"}}};
constexpr std::array<Colours, 3> by_lossy_jpeg = {
    {{"RGB", "RGB"}, {"YBR_FULL", "RGB"}, {"YBR_FULL_422", "RGB"}}};
constexpr std::array<Colours, 4> by_jpeg_2000 = {
    {{"RGB", "RGB"}, {"YBR_FULL", "YBR_FULL"}, {"YBR_RCT", "RGB"}, {"YBR_ICT", "RGB"}}};

template <std::size_t count>
std::optional<std::string> find(const std::array<Colours, count>& known, std::string_view coded) {
    const auto found =
        std::find_if(known.begin(), known.end(), [&](const Colours& one) { return one.coded == coded; });
    return found == known.end() ? std::nullopt : std::optional(std::string(found->decoded));
}

/// Nothing if such pixels cannot be, or cannot be decoded.
std::optional<std::string> decoded(Compression compression, std::uint16_t samples, std::string_view coded) {
    if (samples == 1) return find(grey, coded);
    if (samples != 3) return std::nullopt;
    switch (compression) {
        case Compression::jpeg_baseline:
        case Compression::jpeg_extended:
            return find(by_lossy_jpeg, coded);
        case Compression::jpeg_2000:
            return find(by_jpeg_2000, coded);
        default:
            return find(kept, coded);
    }
}

class VerifiedDecompressor final : public Decompressor {
  public:
    explicit VerifiedDecompressor(const TransferSyntax& syntax)
        : Decompressor(syntax, image::compression(syntax.uid).value(), errc::malformed) {}

  private:
    Result<void> on_begin(const Element& element, ByteView header) override {
        if (element.tag >= tag::planar_configuration && !std::exchange(planes_passed_, true) &&
            element.tag != tag::planar_configuration)
            say_by_pixel();
        return Decompressor::on_begin(element, header);
    }

    /// Colour that did not say how it lies, which compressed pixels do not need, says so now.
    void say_by_pixel() {
        if (attributes_.us(tag::samples_per_pixel).value_or(1) == 1) return;
        Bytes element;
        append_header(element, tag::planar_configuration, "US", 2, decompressed_syntax().encoding);
        append_le16(element, 0);
        passage_.pass(element);
    }

    /// An icon may be compressed as the pixels are (PS3.5 A.4).
    Result<void> begin_nested(const Element& element, ByteView header) override {
        if (element.form == Form::fragments)
            return fail(errc::wrong_encapsulation, tag::name(path()) + " is compressed, and stays so");
        return ScanHandler::begin_nested(element, header);
    }

    Result<std::string> decoded_photometric(const std::string& coded) override {
        auto photometric = decoded(compression(), attributes_.us(tag::samples_per_pixel).value_or(1), coded);
        if (!photometric)
            return fail(errc::context_differs,
                        "Photometric Interpretation \"" + coded + "\" in " + syntax_.uid.str())
                .error();
        photometric_ = coded;
        return *photometric;
    }

    Result<Samples> judge(const Frames& frames) override {
        const auto& shape = frames.shape;
        const auto refuse = [&](std::string why) {
            return fail(errc::context_differs, std::move(why)).error();
        };
        if (photometric_.empty()) return refuse("no Photometric Interpretation");
        if (shape.pixels() * shape.samples > most_samples)
            return refuse("a frame of " + std::to_string(shape.pixels() * shape.samples) +
                          " samples, of which at most " + std::to_string(most_samples) +
                          " are decompressed at once");
        const auto bound = attributes_.bound(syntax_);
        const std::uint16_t stored = bound.bits_stored.value_or(shape.bits_allocated);
        const bool from_bit_0 = bound.high_bit.value_or(stored - 1) + 1 == stored;
        if (stored > shape.bits_allocated || !from_bit_0)
            return refuse("Bits Stored and High Bit do not begin with bit 0");
        const bool to_rgb =
            photometric_ != "RGB" && decoded(compression(), shape.samples, photometric_) == "RGB";
        return Samples{stored, to_rgb};
    }

    bool planes_passed_ = false;
    std::string photometric_;  // as coded
};

}  // namespace

std::unique_ptr<Recoder> make_verified_decompressor(const TransferSyntax& syntax) {
    return std::make_unique<VerifiedDecompressor>(syntax);
}

}  // namespace portcullis::image
