#include "tests/image/real_files.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <set>

namespace portcullis::image::test {

namespace {

constexpr const char* pydicom_files = "/usr/lib/python3/dist-packages/pydicom/data/test_files";
constexpr std::size_t preamble = 132;

/// Two that end too early; an item past its sequence; Implicit VR labelled JPEG.
const std::set<std::string> broken = {"MR_truncated.dcm", "rtplan_truncated.dcm", "DICOMDIR-nooffset",
                                      "SC_rgb_jpeg.dcm"};

Bytes read(const std::filesystem::path& path) {
    std::ifstream file(path, std::ios::binary);
    return Bytes(std::istreambuf_iterator<char>(file), {});
}

/// The values of group 0002, in Explicit VR Little Endian (PS3.10 7.1), and where it ends.
std::map<std::uint16_t, std::string> read_meta(const Bytes& file, std::size_t& at) {
    std::map<std::uint16_t, std::string> meta;
    while (at + 12 <= file.size() && load_le16(&file[at]) == 2) {
        const std::string vr(file.begin() + static_cast<std::ptrdiff_t>(at + 4),
                             file.begin() + static_cast<std::ptrdiff_t>(at + 6));
        const bool wide = vr == "OB" || vr == "UN";
        const std::size_t length = wide ? load_le32(&file[at + 8]) : load_le16(&file[at + 6]);
        const std::size_t value = at + (wide ? 12 : 8);
        if (value + length > file.size()) break;
        std::string text(as_text(ByteView(file).subspan(value, length)));
        text.erase(std::find(text.begin(), text.end(), '\0'), text.end());
        meta[load_le16(&file[at + 2])] = text;
        at = value + length;
    }
    return meta;
}

std::vector<RealFile> read_folder(const std::filesystem::path& folder) {
    std::vector<RealFile> files;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
        if (!entry.is_regular_file()) continue;
        const Bytes bytes = read(entry.path());
        if (bytes.size() < preamble || load_be32(&bytes[128]) != 0x4449434D) continue;  // "DICM"
        std::size_t at = preamble;
        auto meta = read_meta(bytes, at);
        const auto uid = Uid::parse(meta[0x0010]);
        const auto syntax = uid ? carried_transfer_syntax(*uid) : std::nullopt;
        if (!syntax) continue;
        const std::string name = entry.path().filename().string();
        files.push_back({name, *syntax, Bytes(bytes.begin() + static_cast<std::ptrdiff_t>(at), bytes.end()),
                         broken.count(name) != 0});
    }
    std::sort(files.begin(), files.end(), [](const auto& a, const auto& b) { return a.name < b.name; });
    return files;
}

std::vector<RealFile> read_all() {
    INFO("install python3-pydicom: its images are the test data");
    REQUIRE(std::filesystem::is_directory(pydicom_files));
    auto files = read_folder(pydicom_files);
    if (const char* samples = std::getenv("PORTCULLIS_SAMPLES")) {
        auto more = read_folder(samples);
        std::move(more.begin(), more.end(), std::back_inserter(files));
    } else {
        WARN("PORTCULLIS_SAMPLES is not set: only the images of python3-pydicom are tested");
    }
    return files;
}

struct Files {
    std::vector<RealFile> plain, deflated;
};

const Files& all_files() {
    static const Files files = [] {
        Files sorted;
        for (auto all = read_all(); RealFile & file : all)
            (file.transfer_syntax.deflated ? sorted.deflated : sorted.plain).push_back(std::move(file));
        return sorted;
    }();
    return files;
}

const RealFile& file_of(const std::vector<RealFile>& files, const std::string& name) {
    const auto found =
        std::find_if(files.begin(), files.end(), [&](const RealFile& file) { return file.name == name; });
    INFO(name);
    REQUIRE(found != files.end());
    return *found;
}

}  // namespace

const std::vector<RealFile>& real_files() {
    return all_files().plain;
}

const RealFile& real_file(const std::string& name) {
    return file_of(all_files().plain, name);
}

const RealFile& deflated_file(const std::string& name) {
    return file_of(all_files().deflated, name);
}

}  // namespace portcullis::image::test
