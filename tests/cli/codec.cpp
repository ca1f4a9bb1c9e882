// codec list, bench and report as a script meets them.

#include <catch2/catch.hpp>

#include "tests/cli/typed.hpp"

using namespace portcullis;
using Catch::Matchers::Contains;
using Catch::Matchers::StartsWith;

namespace {

const std::string ct = "/usr/lib/python3/dist-packages/pydicom/data/test_files/CT_small.dcm";

}  // namespace

TEST_CASE("The built-in codecs are listed for people and for scripts") {
    const Answer answer = type({"codec", "list"});
    CHECK(answer.status == 0);
    CHECK(answer.err.empty());
    CHECK_THAT(answer.out, Contains("rabbit-siv") && Contains("80 bytes of key  built in") &&
                               Contains("none") && !Contains("seals"));
    const auto codecs = type({"codec", "list", "--json"}).json().at("codecs");
    REQUIRE(codecs.size() == 2);
    CHECK(codecs.at(1).at("id") == "rabbit-siv");
    CHECK(codecs.at(1).at("version") == 1);
    CHECK(codecs.at(1).at("key_bytes") == 80);
    CHECK(codecs.at(1).at("from") == "built in");
    CHECK_FALSE(codecs.at(1).at("implementation").get<std::string>().empty());
    CHECK_FALSE(codecs.at(1).contains("seals"));
}

TEST_CASE("With a configuration the list says which codec seals and which may be opened") {
    const Folder folder;
    const auto file = folder.write("gate.yaml", valid);
    CHECK_THAT(type({"codec", "list", "--config", file.c_str()}).out,
               Contains("may be opened  seals\n") && Contains("may be opened\n"));
    const auto codecs = type({"codec", "list", "--config", file.c_str(), "--json"}).json().at("codecs");
    for (const auto& codec : codecs) {
        CHECK(codec.at("seals") == (codec.at("id") == "rabbit-siv"));
        CHECK(codec.at("may_be_opened") == true);
    }
    const auto broken = folder.write("broken.yaml", valid + "polciy: {}\n");
    const Answer refused = type({"codec", "list", "--config", broken.c_str()});
    CHECK(refused.status == 2);
    CHECK(is_one_line(refused.err));
}

TEST_CASE("The bench prints speeds and ratios") {
    const Answer answer = type({"codec", "bench", "--seconds", "0.01"});
    CHECK(answer.status == 0);
    CHECK(answer.err.empty());
    CHECK_THAT(answer.out, Contains("rabbit-siv in aes-256-gcm") && Contains("chacha20-poly1305") &&
                               Contains("a 512x512 image of 16 bits, rabbit-siv in aes-256-gcm: "));
    const auto json = type({"codec", "bench", "--seconds", "0.01", "--json"}).json();
    CHECK(json.at("speeds").size() == 11);
    CHECK(json.at("images").size() == 2);
    CHECK(json.at("speeds").at(0).at("ratio_to_aes_256_gcm") == 1);
}

TEST_CASE("A report is written, summed up, and ends with 0 if the codec is at expectation") {
    const Folder folder;
    const std::string output = folder / "report";
    const Answer answer = type({"codec", "report", "--output", output.c_str(), ct.c_str()});
    CHECK(answer.status == 0);
    CHECK(answer.err.empty());
    CHECK_THAT(answer.out,
               Contains("NPCR, 8 bits, codec key bit") && Contains("NPCR, 8 bits, object key bit") &&
                   !Contains("NOT at expectation") &&
                   Contains("rabbit-siv: 1 image judged, 0 files left out; " + output + "/report.html"));
    std::ifstream file(output + "/report.json");
    const auto written = nlohmann::json::parse(file);
    CHECK(written.at("at_expectation") == true);
    const auto config = folder.write("gate.yaml", valid);
    const auto json = type({"codec", "report", "--config", config.c_str(), "--output", output.c_str(),
                            "--json", ct.c_str()})
                          .json();
    CHECK(json.at("codec").at("id") == "rabbit-siv");
    CHECK(json.at("metrics") == written.at("metrics"));  // a report can be repeated
}

TEST_CASE("A codec that is not at expectation ends with 1 and one line that says in what") {
    const Folder folder;
    const std::string output = folder / "report";
    const Answer answer =
        type({"codec", "report", "--output", output.c_str(), "--codec", "none", ct.c_str()});
    CHECK(answer.status == 1);
    CHECK(is_one_line(answer.err));
    CHECK_THAT(answer.err,
               StartsWith("portcullis: codec none: not at expectation: it is no cipher by itself, "));
    CHECK_THAT(answer.out, Contains("NOT at expectation"));
}

TEST_CASE("Words that a codec command does not understand are one line and 2") {
    const Folder folder;
    const std::string output = folder / "report";
    const std::string absent = folder / "absent";
    for (const std::vector<const char*>& words : std::vector<std::vector<const char*>>{
             {"codec"},
             {"codec", "fly"},
             {"codec", "bench", "--seconds", "0"},
             {"codec", "bench", "--seconds", "soon"},
             {"codec", "report", "--output", output.c_str()},
             {"codec", "report", ct.c_str()},
             {"codec", "report", "--output", output.c_str(), absent.c_str()},
             {"codec", "report", "--output", output.c_str(), "--codec", "rot13", ct.c_str()},
             {"codec", "list", "--config", absent.c_str()},
         }) {
        INFO(words.size() << " words, the last " << words.back());
        const Answer answer = type(words);
        CHECK(answer.status == 2);
        CHECK(answer.out.empty());
        CHECK(is_one_line(answer.err));
    }
    CHECK_FALSE(std::filesystem::exists(output));
}

TEST_CASE("A report on nothing is a failure of one line") {
    const Folder folder;
    const auto text = folder.write("notes.txt", "no image");
    const std::string output = folder / "report";
    const Answer answer = type({"codec", "report", "--output", output.c_str(), text.c_str()});
    CHECK(answer.status == 1);
    CHECK(is_one_line(answer.err));
    CHECK_THAT(answer.err, Contains("no image that can be judged"));
}
