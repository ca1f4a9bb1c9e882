#pragma once
// The images of Debian's python3-pydicom.

#include <catch2/catch.hpp>
#include <filesystem>
#include <string>

namespace portcullis::assurance {

inline std::filesystem::path pydicom_files() {
    const std::filesystem::path folder = "/usr/lib/python3/dist-packages/pydicom/data/test_files";
    INFO("install python3-pydicom: its images are the test data");
    REQUIRE(std::filesystem::is_directory(folder));
    return folder;
}

inline std::filesystem::path pydicom_file(const std::string& name) {
    return pydicom_files() / name;
}

}  // namespace portcullis::assurance
