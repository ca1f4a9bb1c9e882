// dicom_leak_anywhere ORIGINAL STORED: exit 0 if STORED holds nothing of ORIGINAL's values that carry images
// or bulk content, at any depth, 1 if it does, 2 if it cannot be told. Says how many values and bytes were
// sought.

#include <zlib.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <fstream>
#include <iostream>
#include <iterator>

#include "tests/support/bulk.hpp"
#include "tests/support/leak.hpp"

namespace judge = portcullis::judge;
using judge::Bytes;

namespace {

constexpr std::size_t preamble = 128 + 4;  // with DICM (PS3.10 7.1)

Bytes read_bytes(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    if (!file) throw std::runtime_error(path + ": cannot be read");
    return {std::istreambuf_iterator<char>(file), {}};
}

/// Behind the group 0002, of which every file tells the length (PS3.10 7.1).
std::size_t data_set_begin(DcmFileFormat& file) {
    Uint32 length = 0;
    if (file.getMetaInfo()->findAndGetUint32(DCM_FileMetaInformationGroupLength, length).bad())
        throw std::runtime_error("the length of group 0002 is missing");
    constexpr std::size_t length_element = 12;
    return preamble + length_element + length;
}

Bytes inflated(const Bytes& bytes, std::size_t begin) {
    z_stream stream{};
    constexpr int raw = -15;
    if (begin > bytes.size() || inflateInit2(&stream, raw) != Z_OK)
        throw std::runtime_error("zlib cannot begin");
    stream.next_in = const_cast<Bytef*>(bytes.data() + begin);
    stream.avail_in = static_cast<uInt>(bytes.size() - begin);
    Bytes out;
    Bytes piece(1 << 16);
    int status = Z_OK;
    while (status == Z_OK) {
        stream.next_out = piece.data();
        stream.avail_out = static_cast<uInt>(piece.size());
        status = inflate(&stream, Z_NO_FLUSH);
        out.insert(out.end(), piece.begin(), piece.end() - stream.avail_out);
    }
    inflateEnd(&stream);
    if (status != Z_STREAM_END) throw std::runtime_error("no deflated data set");
    return out;
}

void turn_words(Bytes& bytes, std::size_t word) {
    for (std::size_t at = 0; at + word <= bytes.size(); at += word)
        std::reverse(bytes.begin() + static_cast<std::ptrdiff_t>(at),
                     bytes.begin() + static_cast<std::ptrdiff_t>(at + word));
}

int judge_leaks(const std::string& original_path, const std::string& stored_path) {
    const auto original = judge::read_file(original_path);
    const DcmXfer syntax(original->getDataset()->getOriginalXfer());
    auto content = judge::content_of(*original);
    Bytes stored = read_bytes(stored_path);
    if (syntax.getXfer() == EXS_DeflatedLittleEndianExplicit) {
        const auto data_set = inflated(stored, data_set_begin(*judge::read_file(stored_path)));
        stored.insert(stored.end(), data_set.begin(), data_set.end());
    }
    // Zeros of a preamble, and DICM behind them, may be pixels, too.
    auto head = read_bytes(original_path);
    head.resize(std::min<std::size_t>(head.size(), preamble));
    content.readable.insert(content.readable.end(), head.begin(), head.end());
    std::size_t bytes = 0;
    std::size_t shared = 0;
    for (auto& value : content.bulk) {
        bytes += value.bytes.size();
        if (syntax.isBigEndian()) turn_words(value.bytes, value.word_size);
        if (!judge::common_run(value.bytes, stored, value.sample_size)) continue;
        ++shared;
        const auto match = judge::common_run(value.bytes, stored, value.sample_size, content.readable);
        if (!match) continue;
        std::cout << stored_path << ": offset " << match->stored << ": " << judge::window << " bytes of "
                  << value.path << ", offset " << match->original << '\n';
        return 1;
    }
    std::cout << content.bulk.size() << " values, " << bytes << " bytes, " << shared
              << " with runs that also stand in readable values\n";
    return 0;
}

}  // namespace

int main(int argc, char** argv) {
    CLI::App app("Looks for whatever carries images in an original in what was stored of it");
    std::string original, stored;
    app.add_option("ORIGINAL", original)->required();
    app.add_option("STORED", stored)->required();
    try {
        app.parse(argc, argv);
        return judge_leaks(original, stored);
    } catch (const CLI::ParseError& error) {
        return app.exit(error) == 0 ? 0 : 2;
    } catch (const std::exception& error) {
        std::cerr << "dicom_leak_anywhere: " << error.what() << '\n';
        return 2;
    }
}
