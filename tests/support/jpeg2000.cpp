#include "tests/support/jpeg2000.hpp"

#include <openjpeg.h>

#include <algorithm>
#include <cstring>
#include <memory>
#include <stdexcept>

namespace portcullis::judge {
namespace {

using Stream = std::unique_ptr<opj_stream_t, decltype(&opj_stream_destroy)>;
using Codec = std::unique_ptr<opj_codec_t, decltype(&opj_destroy_codec)>;
using Image = std::unique_ptr<opj_image_t, decltype(&opj_image_destroy)>;

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

struct Sink {
    std::vector<std::uint8_t> bytes;
    std::size_t at = 0;
};

OPJ_SIZE_T write_sink(void* from, OPJ_SIZE_T size, void* user) {
    auto& sink = *static_cast<Sink*>(user);
    sink.bytes.resize(std::max(sink.bytes.size(), sink.at + size));
    std::memcpy(sink.bytes.data() + sink.at, from, size);
    sink.at += size;
    return size;
}

OPJ_BOOL seek_sink(OPJ_OFF_T to, void* user) {
    auto& sink = *static_cast<Sink*>(user);
    if (to < 0) return OPJ_FALSE;
    sink.at = static_cast<std::size_t>(to);
    sink.bytes.resize(std::max(sink.bytes.size(), sink.at));
    return OPJ_TRUE;
}

OPJ_OFF_T skip_sink(OPJ_OFF_T count, void* user) {
    const auto& sink = *static_cast<Sink*>(user);
    return seek_sink(static_cast<OPJ_OFF_T>(sink.at) + count, user) == OPJ_TRUE ? count : -1;
}

/// The lower bits of a sample, by its sign.
OPJ_INT32 sample_of(std::uint32_t bits, const Samples& samples) {
    const std::uint32_t kept = bits & ((1u << samples.precision) - 1);
    const bool negative = samples.is_signed && (kept >> (samples.precision - 1)) != 0;
    return static_cast<OPJ_INT32>(kept) - (negative ? 1 << samples.precision : 0);
}

/// The bits of one sample.
std::uint32_t bits_at(const Samples& samples, std::size_t index) {
    if (samples.precision <= 8) return samples.bytes[index];
    return samples.bytes[2 * index] | std::uint32_t{samples.bytes[2 * index + 1]} << 8;
}

Image image_of(const Samples& samples) {
    const std::size_t count = std::size_t{samples.width} * samples.height;
    const std::size_t size = samples.precision <= 8 ? 1 : 2;
    if (samples.bytes.size() < size * count * samples.components)
        throw std::runtime_error("fewer samples than width and height say");
    opj_image_cmptparm_t component{};
    component.dx = component.dy = 1;
    component.w = samples.width;
    component.h = samples.height;
    component.prec = samples.precision;
    component.sgnd = samples.is_signed ? 1 : 0;
    std::vector<opj_image_cmptparm_t> components(samples.components, component);
    const auto space = samples.components == 1 ? OPJ_CLRSPC_GRAY : OPJ_CLRSPC_SRGB;
    Image image(opj_image_create(samples.components, components.data(), space), &opj_image_destroy);
    if (!image) throw std::runtime_error("OpenJPEG has no memory");
    image->x1 = samples.width;
    image->y1 = samples.height;
    for (std::size_t i = 0; i < count; ++i)
        for (std::uint32_t j = 0; j < samples.components; ++j)
            image->comps[j].data[i] = sample_of(bits_at(samples, i * samples.components + j), samples);
    return image;
}

}  // namespace

std::optional<Picture> decode_jpeg2000(std::span<const std::uint8_t> codestream) {
    Source source{codestream};
    const Stream stream(opj_stream_default_create(OPJ_TRUE), &opj_stream_destroy);
    opj_stream_set_user_data(stream.get(), &source, nullptr);
    opj_stream_set_user_data_length(stream.get(), codestream.size());
    opj_stream_set_read_function(stream.get(), read_source);
    opj_stream_set_skip_function(stream.get(), skip_source);

    const Codec codec(opj_create_decompress(OPJ_CODEC_J2K), &opj_destroy_codec);
    opj_dparameters_t parameters;
    opj_set_default_decoder_parameters(&parameters);
    opj_image_t* raw = nullptr;
    const bool decoded = opj_setup_decoder(codec.get(), &parameters) == OPJ_TRUE &&
                         opj_read_header(stream.get(), codec.get(), &raw) == OPJ_TRUE &&
                         opj_decode(codec.get(), stream.get(), raw) == OPJ_TRUE;
    const Image image(raw, &opj_image_destroy);
    if (!decoded || !is_regular(*image)) return std::nullopt;
    return stretch(*image);
}

std::vector<std::uint8_t> encode_jpeg2000(const Samples& samples) {
    const Image image = image_of(samples);
    opj_cparameters_t parameters;
    opj_set_default_encoder_parameters(&parameters);
    parameters.tcp_numlayers = 1;
    parameters.cp_disto_alloc = 1;
    parameters.tcp_rates[0] = 0;  // lossless
    parameters.tcp_mct = samples.components == 3 ? 1 : 0;
    while (parameters.numresolution > 1 &&
           std::min(samples.width, samples.height) >> (parameters.numresolution - 1) == 0)
        --parameters.numresolution;

    Sink sink;
    const Stream stream(opj_stream_default_create(OPJ_FALSE), &opj_stream_destroy);
    opj_stream_set_user_data(stream.get(), &sink, nullptr);
    opj_stream_set_write_function(stream.get(), write_sink);
    opj_stream_set_skip_function(stream.get(), skip_sink);
    opj_stream_set_seek_function(stream.get(), seek_sink);
    const Codec codec(opj_create_compress(OPJ_CODEC_J2K), &opj_destroy_codec);
    const bool encoded = opj_setup_encoder(codec.get(), &parameters, image.get()) == OPJ_TRUE &&
                         opj_start_compress(codec.get(), image.get(), stream.get()) == OPJ_TRUE &&
                         opj_encode(codec.get(), stream.get()) == OPJ_TRUE &&
                         opj_end_compress(codec.get(), stream.get()) == OPJ_TRUE;
    if (!encoded) throw std::runtime_error("OpenJPEG cannot encode this");
    return sink.bytes;
}

}  // namespace portcullis::judge
