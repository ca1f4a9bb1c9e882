#pragma once
// What tests of transcoding share.

#include <dcmtk/config/osconfig.h>
#include <dcmtk/dcmdata/dcrledrg.h>
#include <dcmtk/dcmimage/diregist.h>  // coders with a loss render, colour as well
#include <dcmtk/dcmjpeg/djdecode.h>
#include <dcmtk/dcmjpls/djdecode.h>

#include <cstring>

#include "gateway/image/transcoder.hpp"
#include "tests/image/compress.hpp"

namespace portcullis::image::test {

inline const TransferSyntax jpeg_baseline = syntax("1.2.840.10008.1.2.4.50");
inline const TransferSyntax jpeg_extended = syntax("1.2.840.10008.1.2.4.51");
inline const TransferSyntax jpeg_ls_near = syntax("1.2.840.10008.1.2.4.81");
inline const TransferSyntax jpeg_2000_lossy = syntax("1.2.840.10008.1.2.4.91");

struct Transcoded {
    ErrorCode error;
    std::string detail;
    Bytes bytes;
};

inline Transcoded transcode(const Bytes& data, const TransferSyntax& from,
                            const TransferSyntax& to = explicit_le, std::size_t piece = uncut) {
    REQUIRE(can_transcode(from.uid, to.uid));
    const auto transcoder = make_transcoder(from.uid, to.uid);
    ByteCollector out;
    Transcoded result;
    for_each_piece(data, piece, [&](ByteView bytes) {
        const auto pushed = transcoder->push(bytes, out);
        if (!pushed) result.error = pushed.error();
        return pushed.has_value();
    });
    if (!result.error) {
        const auto finished = transcoder->finish(out);
        if (!finished) result.error = finished.error();
    }
    result.detail = transcoder->failure_detail();
    result.bytes = std::move(out.collected);
    return result;
}

/// Encapsulated pixels of these fragments behind `header`.
inline Bytes encapsulated(const Bytes& header, const std::vector<Bytes>& fragments) {
    DataSet data(true);
    data.bytes = header;
    data.header(0x7FE00010, "OB", undefined).fragment({});
    for (const Bytes& fragment : fragments) data.fragment(fragment);
    data.end_sequence();
    return data.bytes;
}

/// Of the data sets that these tests read with DCMTK.
struct Seen {
    std::string photometric;
    std::string planar;  // Planar Configuration in digits, or empty
    Bytes pixels;        // with padding
};

inline Seen seen_in(DcmDataset& data) {
    Seen seen;
    OFString text;
    if (data.findAndGetOFString(DCM_PhotometricInterpretation, text).good()) seen.photometric = text.c_str();
    Uint16 planar = 0;
    if (data.findAndGetUint16(DCM_PlanarConfiguration, planar).good()) seen.planar = std::to_string(planar);
    DcmElement* element = nullptr;
    REQUIRE(data.findAndGetElement(DCM_PixelData, element).good());
    seen.pixels.resize(element->getLength());
    if (element->getVR() == EVR_OW) {
        Uint16* words = nullptr;
        REQUIRE(element->getUint16Array(words).good());
        std::memcpy(seen.pixels.data(), words, seen.pixels.size());
    } else {
        Uint8* bytes = nullptr;
        REQUIRE(element->getUint8Array(bytes).good());
        std::memcpy(seen.pixels.data(), bytes, seen.pixels.size());
    }
    return seen;
}

inline Seen seen_in(const Bytes& data, const TransferSyntax& syntax) {
    Seen seen;
    (void)through_dcmtk(data, syntax, syntax, [&](DcmDataset& read) { seen = seen_in(read); });
    return seen;
}

/// By DCMTK's own decompression of whole data sets, in colour by pixel.
inline Seen decompressed_by_dcmtk(const Bytes& data, const TransferSyntax& from) {
    static const bool registered = [] {
        DcmRLEDecoderRegistration::registerCodecs();
        DJDecoderRegistration::registerCodecs();
        DJLSDecoderRegistration::registerCodecs();
        return true;
    }();
    (void)registered;
    Seen seen;
    (void)through_dcmtk(data, from, explicit_le, [&](DcmDataset& read) {
        const auto done = read.chooseRepresentation(EXS_LittleEndianExplicit, nullptr);
        INFO(done.text());
        REQUIRE(done.good());
        read.removeAllButCurrentRepresentations();
        seen = seen_in(read);
    });
    return seen;
}

}  // namespace portcullis::image::test
