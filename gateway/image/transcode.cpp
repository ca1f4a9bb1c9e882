#include "gateway/image/transcode.hpp"

#include <dcmtk/config/osconfig.h>
#include <dcmtk/dcmdata/dcistrmb.h>
#include <dcmtk/dcmdata/dcostrmb.h>
#include <dcmtk/dcmdata/dctk.h>

#include "gateway/image/element.hpp"
#include "gateway/image/error.hpp"
#include "gateway/image/scan.hpp"
#include "gateway/image/tags.hpp"

namespace portcullis::image {

namespace {

constexpr std::size_t chunk = 64 * 1024;
/// Any sequence does: it carries the items through.
constexpr std::uint32_t carrier = tag::digital_signatures_sequence;

E_TransferSyntax dcmtk_syntax(Encoding encoding) {
    if (encoding.big_endian) return EXS_BigEndianExplicit;
    return encoding.explicit_vr ? EXS_LittleEndianExplicit : EXS_LittleEndianImplicit;
}

bool read(DcmDataset& data_set, const Bytes& bytes, Encoding encoding) {
    DcmInputBufferStream in;
    in.setBuffer(bytes.data(), static_cast<offile_off_t>(bytes.size()));
    in.setEos();
    data_set.transferInit();
    const bool good = data_set.read(in, dcmtk_syntax(encoding), EGL_noChange).good();
    data_set.transferEnd();
    return good;
}

bool write(DcmDataset& data_set, bool undefined, Encoding encoding, Bytes& bytes) {
    Bytes buffer(chunk);
    DcmOutputBufferStream out(buffer.data(), static_cast<offile_off_t>(buffer.size()));
    data_set.transferInit();
    OFCondition written = EC_StreamNotifyClient;
    while (written == EC_StreamNotifyClient) {
        written =
            data_set.write(out, dcmtk_syntax(encoding), undefined ? EET_UndefinedLength : EET_ExplicitLength,
                           nullptr, EGL_withoutGL);
        void* part = nullptr;
        offile_off_t size = 0;
        out.flushBuffer(part, size);
        append(bytes, {static_cast<const std::uint8_t*>(part), static_cast<std::size_t>(size)});
    }
    data_set.transferEnd();
    return written.good();
}

}  // namespace

Result<Bytes> transcode_items(ByteView items, bool undefined, Encoding from, Encoding to) {
    if (from == to) return Bytes(items.begin(), items.end());
    Bytes sequence;
    append_header(sequence, carrier, "SQ",
                  undefined ? undefined_length : static_cast<std::uint32_t>(items.size()), from);
    append(sequence, items);
    DcmDataset data_set;
    Bytes written;
    if (!read(data_set, sequence, from) || !write(data_set, undefined, to, written)) return errc::malformed;
    const std::size_t header = to.explicit_vr ? 12 : 8;
    return Bytes(written.begin() + static_cast<std::ptrdiff_t>(std::min(header, written.size())),
                 written.end());
}

}  // namespace portcullis::image
