// dicom_picture IN OUT.png: the first frame, as a viewer would show it. What cannot be decoded (sealed
// compressed pixels are noise to a decoder) is drawn as its bytes.

#include <dcmtk/config/osconfig.h>
#include <dcmtk/dcmdata/dcrledrg.h>
#include <dcmtk/dcmimage/diregist.h>
#include <dcmtk/dcmimgle/dcmimage.h>
#include <dcmtk/dcmjpeg/djdecode.h>
#include <dcmtk/dcmjpls/djdecode.h>
#include <CLI/CLI.hpp>

#include <iostream>
#include <optional>

#include "gateway/assurance/png.hpp"
#include "tests/support/dicom_file.hpp"
#include "tests/support/jpeg2000.hpp"

namespace assurance = portcullis::assurance;
namespace judge = portcullis::judge;

namespace {

std::optional<assurance::Picture> decode_by_dcmtk(DcmFileFormat& file) {
    DicomImage image(&file, file.getDataset()->getOriginalXfer(), CIF_UsePartialAccessToPixelData, 0, 1);
    if (image.getStatus() != EIS_Normal) return std::nullopt;
    if (image.isMonochrome()) image.setMinMaxWindow();
    assurance::Picture picture;
    picture.width = static_cast<std::uint32_t>(image.getWidth());
    picture.height = static_cast<std::uint32_t>(image.getHeight());
    picture.samples = image.isMonochrome() ? 1 : 3;
    picture.pixels.resize(std::size_t{picture.width} * picture.height * picture.samples);
    if (image.getOutputData(picture.pixels.data(), picture.pixels.size(), 8) == 0) return std::nullopt;
    return picture;
}

bool is_jpeg2000(E_TransferSyntax syntax) {
    return syntax == EXS_JPEG2000LosslessOnly || syntax == EXS_JPEG2000;
}

judge::Bytes joined(const std::vector<judge::Bytes>& regions) {
    judge::Bytes all;
    for (const judge::Bytes& region : regions) all.insert(all.end(), region.begin(), region.end());
    return all;
}

/// As many rows of the image's own width as there are bytes; at most as many as the image has.
assurance::Picture draw_bytes(DcmDataset& dataset, const std::vector<judge::Bytes>& regions) {
    Uint16 rows = 0;
    Uint16 columns = 0;
    dataset.findAndGetUint16(DCM_Rows, rows);
    dataset.findAndGetUint16(DCM_Columns, columns);
    assurance::Picture picture;
    picture.pixels = joined(regions);
    picture.width = std::max<std::uint32_t>(columns, 1);
    const std::size_t full_rows = picture.pixels.size() / picture.width;
    picture.height =
        static_cast<std::uint32_t>(std::clamp<std::size_t>(full_rows, 1, std::max<Uint16>(rows, 1)));
    picture.pixels.resize(std::size_t{picture.width} * picture.height);
    return picture;
}

assurance::Picture draw(DcmFileFormat& file) {
    DcmDataset& dataset = *file.getDataset();
    // Before anything is decoded: afterwards DCMTK may have dropped the original representation.
    const auto regions = judge::pixel_regions(dataset);
    std::optional<assurance::Picture> picture;
    if (!is_jpeg2000(dataset.getOriginalXfer()))
        picture = decode_by_dcmtk(file);
    else
        picture = judge::decode_jpeg2000(joined(regions));  // a frame may lie in several fragments
    return picture ? *picture : draw_bytes(dataset, regions);
}

}  // namespace

int main(int argc, char** argv) {
    CLI::App app("Draws the first frame of a DICOM file as PNG");
    std::string in, out;
    app.add_option("IN", in)->required();
    app.add_option("OUT", out)->required();
    try {
        app.parse(argc, argv);
        OFLog::configure(OFLogger::OFF_LOG_LEVEL);
        DJDecoderRegistration::registerCodecs();
        DJLSDecoderRegistration::registerCodecs();
        DcmRLEDecoderRegistration::registerCodecs();
        assurance::write_png(out, draw(*judge::read_file(in)));
        return 0;
    } catch (const CLI::ParseError& error) {
        return app.exit(error) == 0 ? 0 : 2;
    } catch (const std::exception& error) {
        std::cerr << "dicom_picture: " << error.what() << '\n';
        return 1;
    }
}
