#include "tests/support/compress_jpeg2000.hpp"

#include <memory>
#include <stdexcept>
#include <string>

#include "tests/support/jpeg2000.hpp"

namespace portcullis::judge {

namespace {

void require(const OFCondition& condition, const char* what) {
    if (condition.bad()) throw std::runtime_error(std::string(what) + ": " + condition.text());
}

std::uint32_t number(DcmDataset& data, const DcmTagKey& tag) {
    Uint16 value = 0;
    require(data.findAndGetUint16(tag, value), "number");
    return value;
}

unsigned frames_of(DcmDataset& data) {
    Sint32 frames = 0;
    return data.findAndGetSint32(DCM_NumberOfFrames, frames).good() ? static_cast<unsigned>(frames) : 1;
}

void add_item(DcmPixelSequence& sequence, const Bytes& bytes) {
    auto item = std::make_unique<DcmPixelItem>(DCM_PixelItemTag);
    require(item->putUint8Array(bytes.data(), bytes.size()), "item");
    require(sequence.insert(item.release()), "item");
}

Bytes side_by_side(const Bytes& planes, std::size_t samples, std::size_t size) {
    Bytes pixels(planes.size());
    const std::size_t count = planes.size() / size / samples;
    for (std::size_t i = 0; i < pixels.size(); ++i) {
        const std::size_t pixel = i / size / samples, sample = i / size % samples;
        pixels[i] = planes[(sample * count + pixel) * size + i % size];
    }
    return pixels;
}

}  // namespace

void compress_jpeg2000(DcmDataset& data) {
    const std::uint32_t components = number(data, DCM_SamplesPerPixel);
    const bool colour = components > 1;
    const std::size_t sample_size = number(data, DCM_BitsAllocated) / 8;
    Samples samples{number(data, DCM_Columns),
                    number(data, DCM_Rows),
                    number(data, DCM_BitsStored),
                    number(data, DCM_PixelRepresentation) == 1,
                    {},
                    components};
    if (sample_size < 1 || sample_size > 2) throw std::runtime_error("only samples of 8 or 16 bits");
    if ((sample_size == 1) != (samples.precision <= 8)) throw std::runtime_error("too few bits stored");
    const bool planes = colour && number(data, DCM_PlanarConfiguration) == 1;

    DcmElement* native = nullptr;
    require(data.findAndGetElement(DCM_PixelData, native), "pixels");
    const Bytes all = whole_value(*native);
    const std::size_t size = std::size_t{samples.width} * samples.height * components * sample_size;
    const unsigned frames = frames_of(data);
    if (all.size() < size * frames) throw std::runtime_error("fewer pixels than the attributes say");

    auto sequence = std::make_unique<DcmPixelSequence>(DCM_PixelSequenceTag);
    add_item(*sequence, {});
    for (unsigned frame = 0; frame < frames; ++frame) {
        const auto begin = all.begin() + static_cast<std::ptrdiff_t>(frame * size);
        samples.bytes.assign(begin, begin + static_cast<std::ptrdiff_t>(size));
        if (planes) samples.bytes = side_by_side(samples.bytes, components, sample_size);
        add_item(*sequence, encode_jpeg2000(samples));
    }
    auto pixels = std::make_unique<DcmPixelData>(DCM_PixelData);
    pixels->putOriginalRepresentation(EXS_JPEG2000LosslessOnly, nullptr, sequence.release());
    require(data.insert(pixels.release(), OFTrue), "pixels");
    if (!colour) return;
    require(data.putAndInsertUint16(DCM_PlanarConfiguration, 0), "planes");
    require(data.putAndInsertString(DCM_PhotometricInterpretation, "YBR_RCT"), "colours");
}

}  // namespace portcullis::judge
