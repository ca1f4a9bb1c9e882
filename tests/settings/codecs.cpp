// The codecs that a configuration names, loaded.

#include "tests/codec/plugins/files.hpp"
#include "tests/settings/sample.hpp"

using namespace portcullis;
using namespace portcullis::test;
using Catch::Matchers::Contains;
using Catch::Matchers::StartsWith;

namespace {

std::string sha256_of(const std::string& path) {
    constexpr std::string_view digits = "0123456789abcdef";
    std::string text;
    for (const auto byte : digest_of(contents(path))) (text += digits[byte >> 4]) += digits[byte & 15];
    return text;
}

std::string plugin(const std::string& path, const std::string& sha256) {
    return "{path: " + path + ", sha256: '" + sha256 + "'}";
}

/// Begins at line 3, column 1.
Settings read(const std::string& seal) {
    Sample sample;
    sample.rest = "seal: " + seal + '\n';
    return sample.read();
}

std::string refusal(const std::string& seal) {
    const Settings settings = read(seal);
    try {
        load_codecs(settings);
        return "none";
    } catch (const SettingsError& error) {
        return error.what();
    }
}

const std::string file = built_plugin("sample");
const std::string sample = plugin(file, sha256_of(file));

}  // namespace

TEST_CASE("Without plugins there are the built-in codecs") {
    const auto codecs = load_codecs(read("{codec: none, allow: none}"));
    CHECK(codecs.known.all().size() == 2);
    CHECK(codecs.allowed.all().size() == 1);
    REQUIRE(codecs.sealing);
    CHECK(codecs.sealing->id == "none");
    CHECK(load_codecs(read("{plugins: []}")).sealing->id == "rabbit-siv");
}

TEST_CASE("A plugin seals, and is opened, only where it is named") {
    const auto codecs =
        load_codecs(read("{plugins: [" + sample + "], codec: sample, allow: [sample, none]}"));
    CHECK(codecs.known.all().size() == 3);
    CHECK(codecs.allowed.all().size() == 2);
    REQUIRE(codecs.sealing);
    CHECK(codecs.sealing->id == "sample");
    CHECK(codecs.sealing->plugin == file);
    CHECK(codecs.known.find("rabbit-siv")->plugin.empty());

    const auto unused = load_codecs(read("{plugins: [" + sample + "]}"));
    CHECK(unused.known.find("sample"));
    CHECK_FALSE(unused.allowed.find("sample"));
    CHECK(unused.sealing->id == "rabbit-siv");
}

TEST_CASE("A plugin that cannot be loaded is refused at its place in the file") {
    const std::string place = "/etc/gate.yaml:3:18: seal.plugins[0]: ";
    CHECK_THAT(
        refusal("{plugins: [" + plugin("/gone.so", std::string(64, '0')) + "]}"),
        StartsWith(place + "'gone.so': cannot be opened: No such file or directory; correct path and"));
    CHECK_THAT(refusal("{plugins: [" + plugin(file, std::string(64, '0')) + "]}"),
               StartsWith(place) && Contains("its SHA-256 is " + sha256_of(file) + ", which is not"));
    const std::string bad = built_plugin("not_its_inverse");
    CHECK_THAT(
        refusal("{plugins: [" + plugin(bad, sha256_of(bad)) + "]}"),
        StartsWith(place) && Contains("failed its self-test: decrypt_unit does not undo encrypt_unit"));
    CHECK_THAT(
        refusal("{plugins: [" + plugin(bad, sha256_of(bad)) + ", " +
                plugin("/gone.so", std::string(64, '0')) + "]}"),
        StartsWith(place) && Contains("\n/etc/gate.yaml:3:") && Contains(": seal.plugins[1]: 'gone.so'"));
    CHECK_THAT(refusal("{plugins: [" + sample + ", " + sample + "]}"),
               StartsWith("/etc/gate.yaml:3:") &&
                   Contains(": seal.plugins[1]: there is a codec 'sample' already; remove it"));
}

TEST_CASE("What no plugin is called cannot be allowed, each at its place") {
    const std::string text = "{codec: none, allow: [none, sampel, nome], plugins: [" + sample + "]}";
    const std::string advice = "; name a built-in codec, or the id of a plugin";
    CHECK(refusal(text) == "/etc/gate.yaml:3:35: seal.allow[1]: there is no codec 'sampel'" + advice +
                               "\n/etc/gate.yaml:3:43: seal.allow[2]: there is no codec 'nome'" + advice);
}
