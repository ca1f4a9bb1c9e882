#pragma once
// An archive that compresses what it stores: by DCMTK's coders, and by OpenJPEG.

#include <dcmtk/config/osconfig.h>
#include <dcmtk/dcmdata/dcrleerg.h>
#include <dcmtk/dcmjpeg/djencode.h>
#include <dcmtk/dcmjpeg/djrplol.h>
#include <dcmtk/dcmjpls/djencode.h>

#include "tests/image/gate.hpp"
#include "tests/image/objects.hpp"
#include "tests/image/through_dcmtk.hpp"
#include "tests/support/compress_jpeg2000.hpp"

namespace portcullis::image::test {

inline const TransferSyntax rle = syntax("1.2.840.10008.1.2.5");
inline const TransferSyntax jpeg_14 = syntax("1.2.840.10008.1.2.4.57");
inline const TransferSyntax jpeg_sv1 = syntax("1.2.840.10008.1.2.4.70");
inline const TransferSyntax jpeg_ls = syntax("1.2.840.10008.1.2.4.80");
inline const TransferSyntax jpeg_2000 = syntax("1.2.840.10008.1.2.4.90");

/// What an image is like. All bits of a sample are in use.
struct Kind {
    std::uint16_t rows = 16, columns = 16, samples = 1, bits = 16;
    unsigned frames = 1;
    std::uint16_t planar = 0;  // for more than one sample
    bool is_signed = false;

    std::size_t frame_size() const { return std::size_t{rows} * columns * samples * bits / 8; }
    std::size_t size() const { return frame_size() * frames; }
};

inline Bytes even(Bytes value) {
    if (value.size() % 2 != 0) value.push_back(0);
    return value;
}

/// The attributes of such an image.
inline DataSet header_of(const Kind& kind) {
    DataSet data(true);
    data.uid(0x00080016, "1.2.840.10008.5.1.4.1.1.2").uid(0x00080018, "1.2.3.4");
    data.element(0x00100020, "LO", "PAT 1 ").uid(0x0020000D, "1.2.8").uid(0x0020000E, "1.2.9");
    data.us(0x00280002, kind.samples);
    data.element(0x00280004, "CS", kind.samples > 1 ? "RGB " : "MONOCHROME2 ");
    if (kind.samples > 1) data.us(0x00280006, kind.planar);
    if (kind.frames > 1)
        data.element(0x00280008, "IS",
                     kind.frames < 10 ? std::to_string(kind.frames) + " " : std::to_string(kind.frames));
    data.us(0x00280010, kind.rows).us(0x00280011, kind.columns).us(0x00280100, kind.bits);
    data.us(0x00280101, kind.bits).us(0x00280102, kind.bits - 1).us(0x00280103, kind.is_signed);
    return data;
}

inline Bytes native_of(const Kind& kind, const Bytes& pixels) {
    DataSet data = header_of(kind);
    data.element(0x7FE00010, kind.bits > 8 ? "OW" : "OB", even(pixels));
    return data.bytes;
}

inline Bytes native_of(const Kind& kind) {
    return native_of(kind, noise(kind.size()));
}

/// What compresses well: coders of DCMTK may write past their buffers where pixels are noise (JPEG-LS does).
inline Bytes smooth(const Kind& kind) {
    Bytes pixels;
    for (std::size_t i = 0; i < kind.size(); ++i)
        pixels.push_back(static_cast<std::uint8_t>(kind.bits > 8 && i % 2 != 0 ? 3 : i / 8 + i % 5));
    return pixels;
}

inline void register_coders() {
    static const bool registered = [] {
        DcmRLEEncoderRegistration::registerCodecs();
        DJEncoderRegistration::registerCodecs(ECC_lossyYCbCr, EUC_never);
        DJLSEncoderRegistration::registerCodecs(0, 0, 0, 0, OFFalse, 0, OFTrue, EJLSUC_never);
        return true;
    }();
    (void)registered;
}

inline void compress_by_dcmtk(DcmDataset& data, E_TransferSyntax to) {
    register_coders();
    const DJ_RPLossless lossless;
    const OFCondition done = data.chooseRepresentation(
        to, to == EXS_JPEGProcess14 || to == EXS_JPEGProcess14SV1 ? &lossless : nullptr);
    INFO(done.text());
    REQUIRE(done.good());
    data.removeAllButCurrentRepresentations();
    delete data.remove(DCM_DerivationDescription);  // of a coder that notes how well it compressed
}

/// `change` may edit what is compressed.
inline Bytes compressed(const Bytes& native, const TransferSyntax& to,
                        const std::function<void(DcmDataset&)>& change = {}) {
    return through_dcmtk(
        native, explicit_le, to,
        [&](DcmDataset& data) {
            if (to.uid == jpeg_2000.uid)
                judge::compress_jpeg2000(data);
            else
                compress_by_dcmtk(data, dcmtk_syntax(to));
            if (change) change(data);
        },
        EGL_withoutGL);
}

}  // namespace portcullis::image::test
