// Files that are no configuration at all, and files that are made to hurt.

#include <catch2/catch.hpp>
#include <chrono>
#include <fstream>

#include "tests/settings/sample.hpp"

using namespace portcullis;
using namespace portcullis::test;
using Catch::Matchers::Contains;
using Catch::Matchers::StartsWith;

namespace {

std::string repeated(const std::string& text, std::size_t times) {
    std::string all;
    for (std::size_t i = 0; i < times; ++i) all += text;
    return all;
}

}  // namespace

TEST_CASE("Broken YAML is refused where it breaks") {
    CHECK_THAT(complaint("archives:\n  - {name: main,\n"), Contains("is everything closed that was opened?"));
    CHECK_THAT(complaint("archives: [main\n"), StartsWith("gate.yaml:2:1: not readable as YAML;"));
    CHECK_THAT(complaint("a: b: c\n"), StartsWith("gate.yaml:1:5: not readable as YAML;"));
    CHECK_THAT(complaint("a: {b: 'open\n"), Contains("not readable as YAML"));
    CHECK_THAT(complaint("gateway:\n\tid: x\n"), StartsWith("gate.yaml:2:"));
}

TEST_CASE("A file that holds no mapping is refused") {
    CHECK_THAT(complaint(""), StartsWith("gate.yaml:1:1: a mapping is expected"));
    CHECK_THAT(complaint("# only a comment\n"), Contains("a mapping is expected"));
    CHECK_THAT(complaint("portcullis"), Contains("a mapping is expected"));
    CHECK_THAT(complaint("[a, b]"), Contains("a mapping is expected"));
}

TEST_CASE("Anchors, aliases, tags, second documents and keys that are no text are refused") {
    CHECK_THAT(complaint("a: &x [1]\nb: 2\n"), StartsWith("gate.yaml:1:4: ") && Contains("anchors"));
    CHECK_THAT(complaint("a: 1\nb: *x\n"), StartsWith("gate.yaml:2:4: "));
    CHECK_THAT(complaint("a: !!str 1\n"), Contains("tags are not read"));
    CHECK_THAT(complaint("a: !secret {b: 1}\n"), Contains("tags are not read"));
    CHECK_THAT(complaint(Sample{}.text() + "---\na: 1\n"), Contains("a second document"));
    CHECK_THAT(complaint("{[a]: b}\n"), Contains("a key must be plain text"));
    CHECK_THAT(complaint("? {a: 1}\n: b\n"), Contains("a key must be plain text"));
    CHECK_THAT(complaint("~: b\n"), Contains("a key must be plain text"));
}

TEST_CASE("A billion laughs are refused at the first anchor") {
    std::string text = "a0: &a0 [ha, ha]\n";
    for (int i = 1; i < 40; ++i)
        text += "a" + std::to_string(i) + ": &a" + std::to_string(i) + " [*a" + std::to_string(i - 1) +
                ", *a" + std::to_string(i - 1) + "]\n";
    CHECK_THAT(complaint(text), StartsWith("gate.yaml:1:5: "));
}

TEST_CASE("Depth and length are bounded") {
    const std::size_t most = 1 << 20;
    for (const std::string opening : {"[", "{a: ", "- ", "? ", "{? ", "[{"}) {
        INFO(opening);
        const auto start = std::chrono::steady_clock::now();
        CHECK_THAT(complaint(repeated(opening, most / opening.size())), StartsWith("gate.yaml:1:"));
        CHECK(std::chrono::steady_clock::now() - start < std::chrono::seconds(20));
    }
    CHECK_THAT(complaint(repeated("[", 17) + repeated("]", 17)), Contains("nested too deep"));
    CHECK_THAT(complaint(Sample{}.text() + repeated("#", most)), Contains("more than 1 MiB"));
}

TEST_CASE("A file of nothing but errors is answered by the first hundred") {
    std::string text;
    for (int i = 0; i < 50'000; ++i) text += "k" + std::to_string(i) + ": 1\n";
    const std::string said = complaint(text);
    CHECK(std::count(said.begin(), said.end(), '\n') == 100);
    CHECK_THAT(said, Contains("gate.yaml: 49903 more errors"));
}

TEST_CASE("What a file says is never repeated at length or with control characters") {
    const std::string said = complaint("\"k\\n\\e" + repeated("x", 1000) + "\": 1\n" + Sample{}.text());
    CHECK(said.size() < 300);
    CHECK(said.find('\n') == std::string::npos);
    CHECK(said.find('\x1b') == std::string::npos);
}

TEST_CASE("A file that is not there, or is none, cannot be read") {
    const auto said = [](const std::filesystem::path& file) -> std::string {
        try {
            read_settings(file);
            return "";
        } catch (const SettingsError& error) {
            return error.what();
        }
    };
    CHECK_THAT(said("/nowhere/gate.yaml"), StartsWith("/nowhere/gate.yaml: cannot be read"));
    CHECK_THAT(said(std::filesystem::temp_directory_path()), Contains("cannot be read"));
    CHECK_THAT(said("/dev/zero"), Contains("cannot be read"));
}
