// dicom_fabricate OUT: a synthetic CT or MR of any size, written as a stream: a body with organs, tissue
// noise and air around it, so that the pixels are as alike and as unlike as a scanner's. The same arguments
// give the same pixels.

#include <dcmtk/config/osconfig.h>
#include <dcmtk/dcmdata/dctk.h>

#include <CLI/CLI.hpp>
#include <cmath>
#include <fstream>
#include <iostream>
#include <vector>

namespace {

struct Plan {
    std::string out;
    std::uint16_t rows = 512, columns = 512;
    std::uint32_t frames = 1;
    std::string modality = "CT";
    std::uint64_t seed = 1;
    std::string study, series;  // empty: fresh
};

void require(const OFCondition& condition, const std::string& what) {
    if (condition.bad()) throw std::runtime_error(what + ": " + condition.text());
}

std::string sop_class(const Plan& plan) {
    if (plan.modality == "MR") return plan.frames > 1 ? UID_EnhancedMRImageStorage : UID_MRImageStorage;
    return plan.frames > 1 ? UID_EnhancedCTImageStorage : UID_CTImageStorage;
}

std::string fresh_uid(const char* root) {
    char uid[100];
    return dcmGenerateUniqueIdentifier(uid, root);
}

void write_header(const Plan& plan) {
    DcmFileFormat file;
    DcmDataset& dataset = *file.getDataset();
    const auto text = [&](const DcmTagKey& tag, const std::string& value) {
        require(dataset.putAndInsertString(tag, value.c_str()), plan.out);
    };
    const auto number = [&](const DcmTagKey& tag, std::uint16_t value) {
        require(dataset.putAndInsertUint16(tag, value), plan.out);
    };
    text(DCM_SOPClassUID, sop_class(plan));
    text(DCM_SOPInstanceUID, fresh_uid(SITE_INSTANCE_UID_ROOT));
    text(DCM_StudyDate, "20240229");
    text(DCM_Modality, plan.modality);
    text(DCM_PatientName, "FABRICATED^PHANTOM");
    text(DCM_PatientID, "FABRICATED-" + std::to_string(plan.seed));
    text(DCM_StudyInstanceUID, plan.study.empty() ? fresh_uid(SITE_STUDY_UID_ROOT) : plan.study);
    text(DCM_SeriesInstanceUID, plan.series.empty() ? fresh_uid(SITE_SERIES_UID_ROOT) : plan.series);
    text(DCM_SeriesNumber, "1");
    text(DCM_InstanceNumber, std::to_string(plan.seed % 1000000));
    if (plan.frames > 1) text(DCM_NumberOfFrames, std::to_string(plan.frames));
    number(DCM_SamplesPerPixel, 1);
    text(DCM_PhotometricInterpretation, "MONOCHROME2");
    number(DCM_Rows, plan.rows);
    number(DCM_Columns, plan.columns);
    number(DCM_BitsAllocated, 16);
    number(DCM_BitsStored, 12);
    number(DCM_HighBit, 11);
    number(DCM_PixelRepresentation, 0);
    text(DCM_RescaleIntercept, "-1024");
    text(DCM_RescaleSlope, "1");
    require(file.saveFile(plan.out.c_str(), EXS_LittleEndianExplicit), plan.out);
}

/// xorshift64*: fast, and enough for noise.
class Noise {
  public:
    explicit Noise(std::uint64_t seed) : state_(seed * 0x9E3779B97F4A7C15u + 1) {}
    std::uint64_t next() {
        state_ ^= state_ >> 12;
        state_ ^= state_ << 25;
        state_ ^= state_ >> 27;
        return state_ * 0x2545F4914F6CDD1Du;
    }
    /// About normal around 0, within +-28.
    int tissue() {
        const std::uint64_t bits = next();
        return static_cast<int>((bits & 15) + ((bits >> 4) & 15) + ((bits >> 8) & 15) + ((bits >> 12) & 15)) -
               30;
    }

  private:
    std::uint64_t state_;
};

/// Values of one slice without noise: 0 air, about 1064 soft tissue, 2200 bone.
std::vector<std::uint16_t> phantom(const Plan& plan) {
    std::vector<std::uint16_t> slice(std::size_t{plan.rows} * plan.columns);
    for (std::size_t y = 0; y < plan.rows; ++y) {
        for (std::size_t x = 0; x < plan.columns; ++x) {
            const double u = 2.0 * static_cast<double>(x) / plan.columns - 1;
            const double v = 2.0 * static_cast<double>(y) / plan.rows - 1;
            const double body = std::hypot(u / 0.85, v / 0.65);
            const double lung = std::hypot((std::abs(u) - 0.4) / 0.25, v / 0.4);
            const double spine = std::hypot(u / 0.1, (v - 0.45) / 0.12);
            std::uint16_t value = 0;
            if (body < 1) value = static_cast<std::uint16_t>(1064 + 40 * std::sin(9 * u) * std::cos(7 * v));
            if (lung < 1) value = 250;
            if (spine < 1 || (body < 0.95 && body > 0.92)) value = 2200;
            slice[y * plan.columns + x] = value;
        }
    }
    return slice;
}

void append_pixels(const Plan& plan) {
    const std::uint64_t length = std::uint64_t{2} * plan.rows * plan.columns * plan.frames;
    if (length >= 0xFFFFFFFF) throw std::runtime_error(plan.out + ": pixels over 4 GiB");
    std::ofstream file(plan.out, std::ios::binary | std::ios::app);
    const std::uint8_t start[12] = {0xE0,
                                    0x7F,
                                    0x10,
                                    0x00,
                                    'O',
                                    'W',
                                    0,
                                    0,
                                    static_cast<std::uint8_t>(length),
                                    static_cast<std::uint8_t>(length >> 8),
                                    static_cast<std::uint8_t>(length >> 16),
                                    static_cast<std::uint8_t>(length >> 24)};
    file.write(reinterpret_cast<const char*>(start), sizeof start);
    const std::vector<std::uint16_t> slice = phantom(plan);
    std::vector<char> frame(slice.size() * 2);
    Noise noise(plan.seed);
    for (std::uint32_t i = 0; i < plan.frames; ++i) {
        for (std::size_t pixel = 0; pixel < slice.size(); ++pixel) {
            const int value = slice[pixel] == 0 ? 0 : std::max(0, slice[pixel] + noise.tissue());
            frame[2 * pixel] = static_cast<char>(value);
            frame[2 * pixel + 1] = static_cast<char>(value >> 8);
        }
        file.write(frame.data(), static_cast<std::streamsize>(frame.size()));
    }
    if (!file.flush()) throw std::runtime_error(plan.out + ": cannot be written");
}

}  // namespace

int main(int argc, char** argv) {
    CLI::App app("Writes a synthetic image");
    Plan plan;
    app.add_option("OUT", plan.out)->required();
    app.add_option("--rows", plan.rows)->check(CLI::Range(1, 65535));
    app.add_option("--columns", plan.columns)->check(CLI::Range(1, 65535));
    app.add_option("--frames", plan.frames)->check(CLI::PositiveNumber);
    app.add_option("--modality", plan.modality)->check(CLI::IsMember({"CT", "MR"}));
    app.add_option("--seed", plan.seed);
    app.add_option("--study", plan.study, "Study Instance UID; default: fresh");
    app.add_option("--series", plan.series, "Series Instance UID; default: fresh");
    try {
        app.parse(argc, argv);
        write_header(plan);
        append_pixels(plan);
        return 0;
    } catch (const CLI::ParseError& error) {
        return app.exit(error) == 0 ? 0 : 2;
    } catch (const std::exception& error) {
        std::cerr << "dicom_fabricate: " << error.what() << '\n';
        return 1;
    }
}
