#include <algorithm>

#include "gateway/image/decompressor.hpp"
#include "gateway/image/error.hpp"

namespace portcullis::image {

namespace {

/// Of what was sealed native. All that is wrong may be the work of whoever had the object since.
class ReturnedDecompressor final : public Decompressor {
  public:
    ReturnedDecompressor(const TransferSyntax& syntax, std::vector<NativePixels> sealed)
        : Decompressor(syntax, lossless_compression(syntax.uid).value(), errc::tampered),
          sealed_(std::move(sealed)) {}

  private:
    Result<Samples> judge(const Frames& frames) override {
        const NativePixels pixels{frames.shape.size(), frames.size()};
        if (std::find(sealed_.begin(), sealed_.end(), pixels) == sealed_.end())
            return fail(errc::tampered,
                        std::to_string(pixels.length) + " bytes of pixels are not what was sealed")
                .error();
        return Samples{frames.shape.bits_allocated};
    }

    /// JPEG 2000 alone renames the colours that it transforms, and decoding gives those back that were there.
    Result<std::string> decoded_photometric(const std::string& coded) override {
        return compression() == Compression::jpeg_2000 && coded == "YBR_RCT" ? "RGB" : coded;
    }

    const std::vector<NativePixels> sealed_;
};

}  // namespace

std::unique_ptr<Recoder> make_decompressor(const TransferSyntax& syntax, std::vector<NativePixels> sealed) {
    return std::make_unique<ReturnedDecompressor>(syntax, std::move(sealed));
}

}  // namespace portcullis::image
