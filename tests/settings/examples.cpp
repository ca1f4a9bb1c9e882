// Every example of config/ is accepted and means what its comments say.

#include <catch2/catch.hpp>
#include <fstream>
#include <iterator>

#include "gateway/settings.hpp"

using namespace portcullis;
namespace fs = std::filesystem;

namespace {

const fs::path folder = fs::path(PORTCULLIS_SOURCE_DIR) / "config";

std::vector<fs::path> examples() {
    std::vector<fs::path> files;
    for (const auto& entry : fs::directory_iterator(folder))
        if (entry.path().extension() == ".yaml") files.push_back(entry.path());
    return files;
}

std::string content(const fs::path& file) {
    std::ifstream input(file);
    return {std::istreambuf_iterator<char>(input), {}};
}

bool opens(const Settings& settings, const char* title, const char* address, const char* to) {
    const policy::Policy policy(settings.peers, settings.groups, settings.rules, settings.otherwise);
    policy::Request request{policy::Operation::retrieve,
                            AeTitle::parse(title).value(),
                            IpAddress::parse(address).value(),
                            settings.archives.front().ae_title,
                            settings.archives.front().name,
                            {},
                            to};
    return policy.decide(request).decision == policy::Decision::open;
}

}  // namespace

TEST_CASE("Every example is accepted") {
    REQUIRE(examples().size() >= 3);
    for (const auto& file : examples()) {
        INFO(file);
        CHECK_NOTHROW(read_settings(file));
    }
}

TEST_CASE("The example with one archive opens for its reading room only") {
    const auto settings = read_settings(folder / "single-archive.yaml");
    CHECK(settings.pass_unregistered);
    CHECK(opens(settings, "WS1", "10.0.1.7", "workstation-2"));
    CHECK_FALSE(opens(settings, "WS1", "10.0.1.8", "workstation-1"));
    CHECK_FALSE(opens(settings, "PACS", "10.0.0.5", "workstation-1"));
}

TEST_CASE("The test bench keeps its files beside itself") {
    const auto settings = read_settings(folder / "test-bench.yaml");
    CHECK(settings.keyring == folder / "state/keys");
    CHECK(settings.registry == "sqlite://" + (folder / "state/registry.db").string());
    CHECK(settings.audit == folder / "state/audit");
    CHECK(settings.journal == folder / "state/journal");
    CHECK(opens(settings, "VIEWER", "127.0.0.1", "viewer"));
    CHECK(opens(settings, "VIEWER", "::1", "viewer"));
}

TEST_CASE("An example with any one byte changed is accepted or refused, and nothing else") {
    const std::string original = content(folder / "single-archive.yaml");
    for (const char replacement : std::string_view("\0\n\t:{}[]-&*!'\"#%\xff", 18)) {
        for (std::size_t i = 0; i < original.size(); i += 7) {
            std::string text = original;
            text[i] = replacement;
            try {
                parse_settings(text, "gate.yaml");
            } catch (const SettingsError& error) {
                REQUIRE(std::string(error.what()).rfind("gate.yaml:", 0) == 0);
            }
        }
    }
}

TEST_CASE("An example that ends early is accepted or refused, and nothing else") {
    const std::string original = content(folder / "orthanc.yaml");
    for (std::size_t length = 0; length < original.size(); length += 3) {
        try {
            parse_settings(original.substr(0, length), "gate.yaml");
        } catch (const SettingsError& error) {
            REQUIRE(std::string(error.what()).rfind("gate.yaml:", 0) == 0);
        }
    }
}
