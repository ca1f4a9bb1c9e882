// dicom_compare A B: what became of A in B? Exit 0 if nothing, 1 if something, 2 if it cannot be told.

#include <CLI/CLI.hpp>
#include <fstream>
#include <iostream>
#include <set>
#include <string>

#include "tests/support/difference.hpp"

namespace {

/// One difference per line, as --only-differences prints them: a path without item numbers, and a kind.
std::set<std::string> read_ignored(const std::string& path) {
    std::set<std::string> names;
    if (path.empty()) return names;
    std::ifstream file(path);
    if (!file) throw std::runtime_error(path + ": cannot be read");
    for (std::string line; std::getline(file, line);)
        if (!line.empty() && line.front() != '#') names.insert(line);
    return names;
}

}  // namespace

int main(int argc, char** argv) {
    CLI::App app("Compares two DICOM files element for element and tells the first difference");
    std::string expected, actual, ignore;
    bool only_differences = false;
    app.add_option("EXPECTED", expected)->required();
    app.add_option("ACTUAL", actual)->required();
    app.add_option("--ignore", ignore, "File of differences by name, as --only-differences prints them");
    app.add_flag("--only-differences", only_differences, "Print the names of all differences");
    try {
        app.parse(argc, argv);
        const auto ignored = read_ignored(ignore);
        const auto a = portcullis::judge::read_file(expected);
        const auto b = portcullis::judge::read_file(actual);
        std::set<std::string> names;
        portcullis::judge::compare(*a, *b, [&](const portcullis::judge::Difference& difference) {
            if (ignored.contains(difference.name())) return true;
            if (names.insert(difference.name()).second) {
                if (only_differences)
                    std::cout << difference.name() << '\n';
                else
                    std::cout << actual << ": " << difference.path << " " << difference.kind << " "
                              << difference.detail << '\n';
            }
            return only_differences;
        });
        return names.empty() ? 0 : 1;
    } catch (const CLI::ParseError& error) {
        return app.exit(error) == 0 ? 0 : 2;
    } catch (const std::exception& error) {
        std::cerr << "dicom_compare: " << error.what() << '\n';
        return 2;
    }
}
