#include "tests/support/dicom_file.hpp"

#include <cstdio>
#include <stdexcept>

namespace portcullis::judge {

std::unique_ptr<DcmFileFormat> read_file(const std::filesystem::path& path) {
    auto file = std::make_unique<DcmFileFormat>();
    const OFCondition read = file->loadFile(path.c_str());
    if (read.bad()) throw std::runtime_error(path.string() + ": not readable as DICOM: " + read.text());
    return file;
}

std::string tag_text(const DcmTagKey& tag) {
    char text[16];
    std::snprintf(text, sizeof text, "(%04X,%04X)", tag.getGroup(), tag.getElement());
    return text;
}

DcmPixelSequence* encapsulated(DcmElement& element) {
    auto* pixels = dynamic_cast<DcmPixelData*>(&element);
    if (pixels == nullptr) return nullptr;
    E_TransferSyntax syntax = EXS_Unknown;
    const DcmRepresentationParameter* parameter = nullptr;
    pixels->getOriginalRepresentationKey(syntax, parameter);
    if (!DcmXfer(syntax).isEncapsulated()) return nullptr;
    DcmPixelSequence* sequence = nullptr;
    if (pixels->getEncapsulatedRepresentation(syntax, parameter, sequence).bad()) return nullptr;
    return sequence;
}

void ValueReader::read(std::uint32_t offset, void* into, std::uint32_t size) {
    if (size == 0) return;
    const OFCondition got = element_.getPartialValue(into, offset, size, &cache_, EBO_LittleEndian);
    if (got.bad()) throw std::runtime_error(tag_text(element_.getTag()) + ": " + got.text());
}

Bytes whole_value(DcmElement& element) {
    ValueReader reader(element);
    Bytes value(reader.length());
    reader.read(0, value.data(), reader.length());
    return value;
}

std::vector<Bytes> pixel_regions(DcmDataset& dataset) {
    std::vector<Bytes> regions;
    DcmElement* pixels = nullptr;
    if (dataset.findAndGetElement(DCM_PixelData, pixels).bad()) return regions;
    DcmPixelSequence* sequence = encapsulated(*pixels);
    if (sequence == nullptr) {
        regions.push_back(whole_value(*pixels));
        return regions;
    }
    for (unsigned long i = 1; i < sequence->card(); ++i) {
        DcmPixelItem* fragment = nullptr;
        sequence->getItem(fragment, i);
        regions.push_back(whole_value(*fragment));
    }
    return regions;
}

}  // namespace portcullis::judge
