#include "gateway/image/jpeg2000.hpp"

#include <openjpeg.h>

#include <algorithm>
#include <memory>

#include "gateway/image/jpeg2000_header.hpp"
#include "gateway/image/sample_words.hpp"

namespace portcullis::image {

namespace {

template <class T, void (*destroy)(T*)>
struct Destroy {
    void operator()(T* object) const { destroy(object); }
};
using Stream = std::unique_ptr<opj_stream_t, Destroy<opj_stream_t, opj_stream_destroy>>;
using Codec = std::unique_ptr<opj_codec_t, Destroy<opj_codec_t, opj_destroy_codec>>;
using Image = std::unique_ptr<opj_image_t, Destroy<opj_image_t, opj_image_destroy>>;

/// Bytes of a codestream as OpenJPEG reads them.
class Source {
  public:
    explicit Source(ByteView bytes) : bytes_(bytes), stream_(opj_stream_default_create(OPJ_TRUE)) {
        if (!stream_) return;
        opj_stream_set_user_data(stream_.get(), this, nullptr);
        opj_stream_set_user_data_length(stream_.get(), bytes.size());
        opj_stream_set_read_function(stream_.get(), read);
        opj_stream_set_skip_function(stream_.get(), skip);
        opj_stream_set_seek_function(stream_.get(), seek);
    }
    opj_stream_t* stream() const { return stream_.get(); }

  private:
    static OPJ_SIZE_T read(void* into, OPJ_SIZE_T size, void* user) {
        auto& source = *static_cast<Source*>(user);
        const std::size_t count = std::min<std::size_t>(size, source.bytes_.size() - source.at_);
        if (count == 0) return static_cast<OPJ_SIZE_T>(-1);
        std::copy_n(source.bytes_.begin() + static_cast<std::ptrdiff_t>(source.at_), count,
                    static_cast<std::uint8_t*>(into));
        source.at_ += count;
        return count;
    }
    static OPJ_OFF_T skip(OPJ_OFF_T count, void* user) {
        auto& source = *static_cast<Source*>(user);
        if (count < 0 || static_cast<std::size_t>(count) > source.bytes_.size() - source.at_) return -1;
        source.at_ += static_cast<std::size_t>(count);
        return count;
    }
    static OPJ_BOOL seek(OPJ_OFF_T to, void* user) {
        auto& source = *static_cast<Source*>(user);
        if (to < 0 || static_cast<std::size_t>(to) > source.bytes_.size()) return OPJ_FALSE;
        source.at_ = static_cast<std::size_t>(to);
        return OPJ_TRUE;
    }

    const ByteView bytes_;
    std::size_t at_ = 0;
    const Stream stream_;
};

Image decode(ByteView codestream) {
    const Source source(codestream);
    const Codec codec(opj_create_decompress(OPJ_CODEC_J2K));
    if (!codec || source.stream() == nullptr) return nullptr;
    opj_dparameters_t parameters;
    opj_set_default_decoder_parameters(&parameters);
    if (opj_setup_decoder(codec.get(), &parameters) != OPJ_TRUE) return nullptr;
    opj_image_t* read = nullptr;
    const bool header = opj_read_header(source.stream(), codec.get(), &read) == OPJ_TRUE;
    Image image(read);
    if (!header || opj_decode(codec.get(), source.stream(), read) != OPJ_TRUE) return nullptr;
    return image;
}

bool is_of(const opj_image_t& image, const FrameShape& shape) {
    if (image.numcomps != shape.samples) return false;
    return std::all_of(image.comps, image.comps + image.numcomps, [&](const opj_image_comp_t& component) {
        return component.data != nullptr && component.w == shape.columns && component.h == shape.rows;
    });
}

}  // namespace

bool decode_jpeg_2000(ByteView codestream, const FrameShape& shape, const Samples& samples,
                      MutableByteView frame) {
    const auto coded = jpeg_2000_samples(codestream, shape);
    if (!coded || frame.size() != shape.size()) return false;
    if ((coded->are_signed && !shape.is_signed) || (samples.to_rgb && !coded->are_transformed)) return false;
    const auto words =
        coded->are_signed ? SampleWords::as_they_are(shape) : SampleWords::of(shape, samples, coded->bits);
    if (!words) return false;
    const Image image = decode(codestream);
    if (!image || !is_of(*image, shape)) return false;
    auto* out = frame.data();
    for (std::size_t pixel = 0; pixel < shape.pixels(); ++pixel)
        for (std::size_t sample = 0; sample < shape.samples; ++sample)
            out = words->put(static_cast<std::uint32_t>(image->comps[sample].data[pixel]), out);
    return true;
}

}  // namespace portcullis::image
