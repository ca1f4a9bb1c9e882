#include "gateway/probe/codestreams.hpp"

#include <dcmtk/config/osconfig.h>
#include <dcmtk/dcmdata/dcistrmb.h>
#include <dcmtk/dcmdata/dcrledrg.h>
#include <dcmtk/dcmdata/dctk.h>
#include <dcmtk/dcmjpeg/djdecode.h>
#include <dcmtk/dcmjpls/djdecode.h>

#include "gateway/probe/words.hpp"
#include "tests/probe/specimens.hpp"
#include "tests/support/jpeg2000.hpp"

using namespace portcullis;
using namespace portcullis::probe;

namespace {

struct Decoders {
    Decoders() {
        DcmRLEDecoderRegistration::registerCodecs();
        DJDecoderRegistration::registerCodecs();
        DJLSDecoderRegistration::registerCodecs();
    }
    ~Decoders() {
        DcmRLEDecoderRegistration::cleanup();
        DJDecoderRegistration::cleanup();
        DJLSDecoderRegistration::cleanup();
    }
};

std::vector<std::uint16_t> decoded(const scu::Object& object) {
    const Decoders decoders;
    DcmInputBufferStream stream;
    stream.setBuffer(object.data_set.data(), static_cast<offile_off_t>(object.data_set.size()));
    stream.setEos();
    DcmDataset data_set;
    data_set.transferInit();
    REQUIRE(data_set.read(stream, DcmXfer(object.transfer_syntax.str().c_str()).getXfer()).good());
    data_set.transferEnd();
    REQUIRE(data_set.chooseRepresentation(EXS_LittleEndianExplicit, nullptr).good());
    const Uint16* words = nullptr;
    unsigned long count = 0;
    REQUIRE(data_set.findAndGetUint16Array(DCM_PixelData, words, &count).good());
    return {words, words + count};
}

}  // namespace

TEST_CASE("what DCMTK can decode is the picture") {
    for (const auto& codestream : codestreams()) {
        const auto name = syntax_name(std::string(codestream.transfer_syntax));
        if (name == "JPEG 2000 Lossless") continue;
        INFO(name);
        CHECK(decoded(specimen(name)) == pixels());
    }
}

TEST_CASE("the JPEG 2000 codestream is what OpenJPEG makes of the picture") {
    judge::Samples samples{columns, rows, bits_stored, false, {}};
    for (const auto value : pixels()) append_le16(samples.bytes, value);
    const auto& codestream = codestreams().back();
    REQUIRE(codestream.transfer_syntax == "1.2.840.10008.1.2.4.90");
    const auto made = judge::decode_jpeg2000(judge::encode_jpeg2000(samples));
    const auto ours = judge::decode_jpeg2000(codestream.bytes);
    REQUIRE(ours);
    CHECK(ours->width == columns);
    CHECK(ours->height == rows);
    CHECK(ours->pixels == made->pixels);
}
