#include "gateway/assurance/report.hpp"

#include <catch2/catch.hpp>
#include <fstream>
#include <nlohmann/json.hpp>

#include "tests/assurance/pydicom.hpp"
#include "tests/assurance/weak_codecs.hpp"
#include "tests/support/temporary_folder.hpp"

using namespace portcullis;
using namespace portcullis::assurance;
using Catch::Matchers::Contains;
namespace fs = std::filesystem;

namespace {

Report made(const codec::Codec& codec, const fs::path& output, std::vector<fs::path> paths) {
    ReportRequest request;
    request.paths = std::move(paths);
    request.output = output;
    request.bench_seconds = 0.01;
    request.progress = [](const std::string&) {};
    return make_report(codec, request);
}

std::string text_of(const fs::path& path) {
    std::ifstream file(path, std::ios::binary);
    return std::string(std::istreambuf_iterator<char>(file), {});
}

const codec::Codec& rabbit_siv() {
    return *codec::Catalogue::built_in().find("rabbit-siv");
}

}  // namespace

TEST_CASE("A report holds figures, pictures, speeds, what it proves, and what was left out") {
    const portcullis::support::TemporaryFolder folder;
    const auto report =
        made(rabbit_siv(), folder.path() / "new" / "report",
             {pydicom_file("CT_small.dcm"), pydicom_file("JPGExtended.dcm"), pydicom_file("README.txt")});
    CHECK(report.at_expectation());
    CHECK(report.files() == 2);
    const auto json = nlohmann::json::parse(text_of(folder.path() / "new/report/report.json"));
    CHECK(json.at("at_expectation") == true);
    CHECK_THAT(json.at("what_tests_prove").get<std::string>(), Contains("prove nothing about security"));
    CHECK_THAT(json.at("claim").get<std::string>(), Contains("we claim no strength from it"));
    CHECK(json.at("metrics").size() == metric_count);
    CHECK(json.at("images").size() == 8);
    CHECK(json.at("statistics").is_null());
    REQUIRE(json.at("skipped").size() == 1);
    CHECK(json.at("skipped").at(0).at("why") == "no DICOM file");
    std::vector<std::string> measured;
    for (const auto& speed : json.at("bench").at("speeds")) {
        measured.push_back(speed.at("what"));
        CHECK(speed.at("gigabytes_per_second") > 0);
    }
    for (const char* what : {"aes-256-gcm", "chacha20-poly1305", "rabbit-siv", "rabbit-siv in aes-256-gcm"})
        CHECK(std::count(measured.begin(), measured.end(), what) == 2);  // large and small units

    const auto& ct = json.at("images").at(6);
    CHECK_THAT(ct.at("name").get<std::string>(), Contains("CT_small.dcm"));
    for (const char* changed : {"plaintext_bit", "codec_key_bit", "object_key_bit"})
        CHECK(ct.at("units").at(0).at(changed).at("npcr8").at("value") > 0.99);
    CHECK(ct.at("correlation").at("horizontal").at("before").at("r") > 0.5);
    for (const auto& image : json.at("images"))
        for (const auto& [what, file] : image.at("pictures").items())
            if (!file.get<std::string>().empty())
                CHECK(text_of(folder.path() / "new/report" / file.get<std::string>()).substr(1, 3) == "PNG");
    CHECK_FALSE(ct.at("pictures").at("image").get<std::string>().empty());
    CHECK(json.at("images").at(7).at("pictures").at("image").get<std::string>().empty());

    const auto html = text_of(folder.path() / "new/report/report.html");
    CHECK(html.find(what_tests_prove) < html.find(what_we_claim));
    CHECK(html.find(what_we_claim) < html.find("At expectation in every metric"));
    CHECK(json.at("what_changed_keys_show") == what_changed_keys_show);
    CHECK_THAT(html, Contains(what_changed_keys_show) && Contains("UACI, 16 bits, object key bit"));
    CHECK_THAT(html, Contains(ct.at("pictures").at("cipher").get<std::string>()) && Contains("README.txt"));
}

TEST_CASE("The claim is the one that the project makes") {
    const std::string readme = text_of(PORTCULLIS_SOURCE_DIR "/README.md");
    const std::string claim = what_we_claim;
    CHECK_THAT(readme, Contains(claim.substr(0, claim.find(" `logistic-sbox`"))));
    CHECK_THAT(readme, Contains(claim.substr(claim.find("Statistical tests prove nothing"))));
}

TEST_CASE("A weak cipher is reported as not at expectation") {
    const portcullis::support::TemporaryFolder folder;
    const auto report =
        made(weak_codec<XorConstant>("xor", 32), folder.path(), {pydicom_file("CT_small.dcm")});
    CHECK_FALSE(report.at_expectation());
    CHECK(report.deviations().size() >= 8);
    CHECK(nlohmann::json::parse(text_of(folder.path() / "report.json")).at("at_expectation") == false);
    CHECK_THAT(text_of(folder.path() / "report.html"), Contains("NOT at expectation"));
}

TEST_CASE("none is reported as no cipher by itself") {
    const portcullis::support::TemporaryFolder folder;
    const auto report =
        made(*codec::Catalogue::built_in().find("none"), folder.path(), {pydicom_file("CT_small.dcm")});
    CHECK_FALSE(report.at_expectation());
    CHECK(report.deviations().front() == "it is no cipher by itself");
    CHECK_THAT(text_of(folder.path() / "report.html"), Contains("none is no cipher by itself"));
}

TEST_CASE("A report without an image, or without a place to go, is refused") {
    const portcullis::support::TemporaryFolder folder;
    CHECK_THROWS_WITH(made(rabbit_siv(), folder.path(), {pydicom_file("README.txt")}),
                      Contains("no image that can be judged"));
    std::ofstream(folder.path() / "file") << "in the way";
    CHECK_THROWS(made(rabbit_siv(), folder.path() / "file", {pydicom_file("CT_small.dcm")}));
}

TEST_CASE("Names of files are text, not markup") {
    const portcullis::support::TemporaryFolder folder;
    const auto file = folder.path() / "<b>&\"x.dcm";
    fs::copy_file(pydicom_file("MR_small.dcm"), file);
    (void)made(rabbit_siv(), folder.path() / "report", {file});
    const auto html = text_of(folder.path() / "report/report.html");
    CHECK_THAT(html, Contains("&lt;b&gt;&amp;&quot;x.dcm") && !Contains("<b>&"));
}
