// dicom_leak ORIGINAL STORED: exit 0 if STORED holds none of ORIGINAL's pixels, 1 if it does, 2 if it cannot
// be told.

#include <CLI/CLI.hpp>
#include <fstream>
#include <iostream>
#include <iterator>

#include "tests/support/leak.hpp"

namespace judge = portcullis::judge;

namespace {

constexpr std::size_t preamble =
    128 + 4;  // bytes that every file begins with, whatever is in it (PS3.10 7.1)

judge::Bytes read_behind_preamble(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    if (!file) throw std::runtime_error(path + ": cannot be read");
    const auto size = std::filesystem::file_size(path);
    judge::Bytes bytes(size > preamble ? size - preamble : 0);
    file.seekg(preamble);
    file.read(reinterpret_cast<char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
    return bytes;
}

/// Bytes of one sample: what a run of one value repeats. 1 for compressed pixels.
std::size_t sample_size(DcmDataset& dataset) {
    if (DcmXfer(dataset.getOriginalXfer()).isEncapsulated()) return 1;
    Uint16 allocated = 8;
    dataset.findAndGetUint16(DCM_BitsAllocated, allocated);
    return std::clamp<std::size_t>(allocated / 8u, 1, 8);
}

int judge_leak(const std::string& original_path, const std::string& stored_path) {
    const auto original = judge::read_file(original_path);
    const auto regions = judge::pixel_regions(*original->getDataset());
    if (regions.empty()) throw std::runtime_error(original_path + ": has no pixels");
    const auto stored = judge::read_file(stored_path);
    if (const auto what = judge::unchanged_unit(regions, judge::pixel_regions(*stored->getDataset()))) {
        std::cout << stored_path << ": not sealed: " << *what << '\n';
        return 1;
    }
    const judge::Bytes stored_bytes = read_behind_preamble(stored_path);
    for (std::size_t region = 0; region < regions.size(); ++region) {
        const auto match =
            judge::common_run(regions[region], stored_bytes, sample_size(*original->getDataset()));
        if (!match) continue;
        std::cout << stored_path << ": offset " << preamble + match->stored << ": " << judge::window
                  << " bytes of the original's pixels (region " << region << ", offset " << match->original
                  << ")\n";
        return 1;
    }
    return 0;
}

}  // namespace

int main(int argc, char** argv) {
    CLI::App app("Looks for pixels of an original in what an archive stored");
    std::string original, stored;
    app.add_option("ORIGINAL", original)->required();
    app.add_option("STORED", stored)->required();
    try {
        app.parse(argc, argv);
        return judge_leak(original, stored);
    } catch (const CLI::ParseError& error) {
        return app.exit(error) == 0 ? 0 : 2;
    } catch (const std::exception& error) {
        std::cerr << "dicom_leak: " << error.what() << '\n';
        return 2;
    }
}
