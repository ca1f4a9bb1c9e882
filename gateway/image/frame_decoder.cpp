#include "gateway/image/frame_decoder.hpp"

#include <dcmtk/config/osconfig.h>
#include <dcmtk/dcmdata/dcpixel.h>
#include <dcmtk/dcmdata/dcpixseq.h>
#include <dcmtk/dcmdata/dcpxitem.h>
#include <dcmtk/dcmdata/dctk.h>
#include <dcmtk/dcmjpeg/djdecode.h>
#include <dcmtk/dcmjpls/djdecode.h>

#include "gateway/image/error.hpp"
#include "gateway/image/jpeg2000.hpp"
#include "gateway/image/jpeg_header.hpp"
#include "gateway/image/rle.hpp"
#include "gateway/image/sample_words.hpp"

namespace portcullis::image {

namespace {

/// Of all decoders of DCMTK, once: colours become RGB where put_shape() says that they are not, and nothing
/// is written to the log, where only the gateway's own lines belong.
void prepare_dcmtk() {
    static const bool prepared = [] {
        OFLog::configure(OFLogger::OFF_LOG_LEVEL);
        DJDecoderRegistration::registerCodecs(EDC_photometricInterpretation);
        DJLSDecoderRegistration::registerCodecs();
        return true;
    }();
    (void)prepared;
}

bool put_shape(DcmDataset& data_set, const FrameShape& shape, bool to_rgb) {
    const bool colour = shape.samples > 1;
    const char* const photometric = !colour ? "MONOCHROME2" : to_rgb ? "YBR_FULL" : "RGB";
    const auto put = [&](const DcmTagKey& tag, unsigned value) {
        return data_set.putAndInsertUint16(tag, static_cast<Uint16>(value)).good();
    };
    return put(DCM_SamplesPerPixel, shape.samples) && put(DCM_Rows, shape.rows) &&
           put(DCM_Columns, shape.columns) && put(DCM_BitsAllocated, shape.bits_allocated) &&
           put(DCM_BitsStored, shape.bits_allocated) && put(DCM_HighBit, shape.bits_allocated - 1u) &&
           put(DCM_PixelRepresentation, shape.is_signed) && (!colour || put(DCM_PlanarConfiguration, 0)) &&
           data_set.putAndInsertString(DCM_PhotometricInterpretation, photometric).good();
}

/// In one fragment behind an empty offset table. What is put in belongs to the sequence.
std::unique_ptr<DcmPixelSequence> fragment_of(Bytes compressed) {
    auto sequence = std::make_unique<DcmPixelSequence>(DCM_PixelSequenceTag);
    auto table = std::make_unique<DcmPixelItem>(DCM_PixelItemTag);
    auto item = std::make_unique<DcmPixelItem>(DCM_PixelItemTag);
    if (compressed.size() % 2 != 0) compressed.push_back(0);
    const bool made = item->putUint8Array(compressed.data(), compressed.size()).good() &&
                      sequence->insert(table.get()).good();
    if (!made) return nullptr;
    (void)table.release();
    if (sequence->insert(item.get()).bad()) return nullptr;
    (void)item.release();
    return sequence;
}

bool decode_by_dcmtk(E_TransferSyntax syntax, const FrameShape& shape, bool to_rgb, Bytes compressed,
                     MutableByteView frame) {
    prepare_dcmtk();
    DcmDataset data_set;
    auto sequence = fragment_of(std::move(compressed));
    if (!sequence || !put_shape(data_set, shape, to_rgb)) return false;
    auto pixels = std::make_unique<DcmPixelData>(DCM_PixelData);
    pixels->putOriginalRepresentation(syntax, nullptr, sequence.release());
    DcmPixelData* inserted = pixels.get();
    if (data_set.insert(pixels.get(), OFTrue).bad()) return false;
    (void)pixels.release();
    // DCMTK counts an odd frame with a byte of padding.
    Bytes padded(frame.size() % 2 != 0 ? frame.size() + 1 : 0);
    const MutableByteView buffer = padded.empty() ? frame : MutableByteView(padded);
    Uint32 first_fragment = 1;
    OFString colour_model;
    const bool decoded = inserted
                             ->getUncompressedFrame(&data_set, 0, first_fragment, buffer.data(),
                                                    static_cast<Uint32>(buffer.size()), colour_model)
                             .good();
    if (!padded.empty()) std::copy_n(padded.begin(), frame.size(), frame.begin());
    return decoded;
}

/// DCMTK's name of the syntax, and what frames in it begin with. A baseline frame may stand for an extended
/// one, which it is, too (10918-1, 4.6).
struct JpegSyntax {
    E_TransferSyntax name;
    std::initializer_list<JpegProcess> processes;
};

/// DCMTK gives samples of more than 8 bits in 16, and others in 8.
bool decode_jpeg(const JpegSyntax& syntax, const FrameShape& shape, const Samples& samples, Bytes compressed,
                 MutableByteView frame) {
    const auto precision = jpeg_precision(compressed, syntax.processes, shape);
    const auto words = precision ? SampleWords::of(shape, samples, *precision) : std::nullopt;
    if (!words) return false;
    FrameShape coded = shape;
    coded.bits_allocated = *precision > 8 ? 16 : 8;
    const bool as_it_is = !words->changes(coded.sample_size());
    Bytes narrow(as_it_is ? 0 : static_cast<std::size_t>(coded.size()));
    const MutableByteView decoded = as_it_is ? frame : MutableByteView(narrow);
    if (!decode_by_dcmtk(syntax.name, coded, samples.to_rgb, std::move(compressed), decoded)) return false;
    auto* out = frame.data();
    const std::size_t size = coded.sample_size();
    for (ByteView rest = narrow; !rest.empty(); rest = rest.subspan(size))
        out = words->put(size == 1 ? rest[0] : load_le16(rest.data()), out);
    return true;
}

bool decode(Compression compression, const FrameShape& shape, const Samples& samples, Bytes compressed,
            MutableByteView frame) {
    using enum JpegProcess;
    const auto jpeg = [&](const JpegSyntax& syntax) {
        return decode_jpeg(syntax, shape, samples, std::move(compressed), frame);
    };
    switch (compression) {
        case Compression::rle:
            return decode_rle(compressed, shape, frame);
        case Compression::jpeg_baseline:
            return jpeg({EXS_JPEGProcess1, {baseline}});
        case Compression::jpeg_extended:
            return jpeg({EXS_JPEGProcess2_4, {extended, baseline}});
        case Compression::jpeg_lossless:
            return jpeg({EXS_JPEGProcess14, {lossless}});
        case Compression::jpeg_lossless_sv1:
            return jpeg({EXS_JPEGProcess14SV1, {lossless}});
        case Compression::jpeg_ls:
            return jpeg({EXS_JPEGLSLossless, {ls}});
        case Compression::jpeg_2000:
            return decode_jpeg_2000(compressed, shape, samples, frame);
    }
    return false;
}

}  // namespace

/// Huffman codes of JPEG Lossless may have 16 bits beside the 16 of a difference; no header is longer than
/// that.
std::uint64_t most_compressed(const FrameShape& shape) {
    constexpr std::uint64_t headers = 64 * 1024;
    return 2 * shape.size() + headers;
}

Result<void> decode_frame(Compression compression, const FrameShape& shape, const Samples& samples,
                          Bytes compressed, MutableByteView frame) {
    if (decode(compression, shape, samples, std::move(compressed), frame)) return {};
    return errc::malformed;
}

}  // namespace portcullis::image
