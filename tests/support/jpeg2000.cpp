#include "tests/support/jpeg2000.hpp"

#include <openjpeg.h>

#include <algorithm>
#include <cstring>
#include <memory>

namespace portcullis::judge {
namespace {

struct Source {
    std::span<const std::uint8_t> bytes;
    std::size_t at = 0;
};

OPJ_SIZE_T read_source(void* into, OPJ_SIZE_T size, void* user) {
    auto& source = *static_cast<Source*>(user);
    const std::size_t count = std::min<std::size_t>(size, source.bytes.size() - source.at);
    if (count == 0) return static_cast<OPJ_SIZE_T>(-1);
    std::memcpy(into, source.bytes.data() + source.at, count);
    source.at += count;
    return count;
}

OPJ_OFF_T skip_source(OPJ_OFF_T count, void* user) {
    auto& source = *static_cast<Source*>(user);
    if (count < 0 || static_cast<std::size_t>(count) > source.bytes.size() - source.at) return -1;
    source.at += static_cast<std::size_t>(count);
    return count;
}

Picture stretch(const opj_image_t& image) {
    Picture picture;
    picture.width = image.comps[0].w;
    picture.height = image.comps[0].h;
    picture.samples = image.numcomps >= 3 ? 3 : 1;
    const std::size_t count = std::size_t{picture.width} * picture.height;
    OPJ_INT32 least = image.comps[0].data[0];
    OPJ_INT32 greatest = least;
    for (std::uint32_t sample = 0; sample < picture.samples; ++sample) {
        const auto [low, high] =
            std::minmax_element(image.comps[sample].data, image.comps[sample].data + count);
        least = std::min(least, *low);
        greatest = std::max(greatest, *high);
    }
    const double scale = greatest > least ? 255.0 / (greatest - least) : 0;
    picture.pixels.resize(count * picture.samples);
    for (std::size_t i = 0; i < count; ++i)
        for (std::uint32_t sample = 0; sample < picture.samples; ++sample)
            picture.pixels[i * picture.samples + sample] =
                static_cast<std::uint8_t>((image.comps[sample].data[i] - least) * scale);
    return picture;
}

bool is_regular(const opj_image_t& image) {
    if (image.numcomps == 0) return false;
    return std::all_of(image.comps, image.comps + image.numcomps, [&](const opj_image_comp_t& component) {
        return component.data != nullptr && component.w == image.comps[0].w &&
               component.h == image.comps[0].h;
    });
}

}  // namespace

std::optional<Picture> decode_jpeg2000(std::span<const std::uint8_t> codestream) {
    Source source{codestream};
    const std::unique_ptr<opj_stream_t, decltype(&opj_stream_destroy)> stream(
        opj_stream_default_create(OPJ_TRUE), &opj_stream_destroy);
    opj_stream_set_user_data(stream.get(), &source, nullptr);
    opj_stream_set_user_data_length(stream.get(), codestream.size());
    opj_stream_set_read_function(stream.get(), read_source);
    opj_stream_set_skip_function(stream.get(), skip_source);

    const std::unique_ptr<opj_codec_t, decltype(&opj_destroy_codec)> codec(
        opj_create_decompress(OPJ_CODEC_J2K), &opj_destroy_codec);
    opj_dparameters_t parameters;
    opj_set_default_decoder_parameters(&parameters);
    opj_image_t* raw = nullptr;
    const bool decoded = opj_setup_decoder(codec.get(), &parameters) == OPJ_TRUE &&
                         opj_read_header(stream.get(), codec.get(), &raw) == OPJ_TRUE &&
                         opj_decode(codec.get(), stream.get(), raw) == OPJ_TRUE;
    const std::unique_ptr<opj_image_t, decltype(&opj_image_destroy)> image(raw, &opj_image_destroy);
    if (!decoded || !is_regular(*image)) return std::nullopt;
    return stretch(*image);
}

}  // namespace portcullis::judge
