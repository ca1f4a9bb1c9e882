#pragma once
// An archive in small: what DCMTK makes of a data set that it reads and writes.

#include <dcmtk/config/osconfig.h>
#include <dcmtk/dcmdata/dcistrmb.h>
#include <dcmtk/dcmdata/dcostrmb.h>
#include <dcmtk/dcmdata/dctk.h>

#include <catch2/catch.hpp>
#include <functional>

#include "gateway/base/bytes.hpp"
#include "gateway/image/transfer_syntax.hpp"

namespace portcullis::image::test {

inline E_TransferSyntax dcmtk_syntax(const TransferSyntax& transfer_syntax) {
    return DcmXfer(transfer_syntax.uid.str().c_str()).getXfer();
}

/// Read and written again by DCMTK, as dcmqrscp and Orthanc do; `change` may edit what it holds.
inline Bytes through_dcmtk(const Bytes& data_set, const TransferSyntax& from, const TransferSyntax& to,
                           const std::function<void(DcmDataset&)>& change = {},
                           E_GrpLenEncoding lengths = EGL_recalcGL) {
    OFLog::configure(OFLogger::OFF_LOG_LEVEL);
    DcmInputBufferStream in;
    in.setBuffer(data_set.data(), static_cast<offile_off_t>(data_set.size()));
    in.setEos();
    DcmDataset object;
    object.transferInit();
    const OFCondition read = object.read(in, dcmtk_syntax(from), EGL_noChange);
    INFO(read.text());
    REQUIRE(read.good());
    object.transferEnd();
    if (change) change(object);

    Bytes written(data_set.size() * 2 + 1024 * 1024);
    DcmOutputBufferStream out(written.data(), static_cast<offile_off_t>(written.size()));
    object.transferInit();
    REQUIRE(object.write(out, dcmtk_syntax(to), EET_ExplicitLength, nullptr, lengths).good());
    object.transferEnd();
    void* buffer = nullptr;
    offile_off_t size = 0;
    out.flushBuffer(buffer, size);
    written.resize(static_cast<std::size_t>(size));
    return written;
}

}  // namespace portcullis::image::test
