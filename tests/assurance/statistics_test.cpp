#include "gateway/assurance/statistics.hpp"

#include <sys/wait.h>

#include <catch2/catch.hpp>

#include "gateway/assurance/child.hpp"

using namespace portcullis;
using namespace portcullis::assurance;

namespace {

/// As dieharder 3.31.1 prints it.
const std::string printed = R"(#=============================================================================#
#            dieharder version 3.31.1 Copyright 2003 Robert G. Brown          #
#=============================================================================#
   rng_name    ,rands/second,   Seed   ,
stdin_input_raw,  2.93e+07  ,1636184360,
#=============================================================================#
        test_name   ,ntup, tsamples ,psamples,  p-value ,Assessment
#=============================================================================#
        dab_filltree,  32,  15000000,       1,0.81361381,  PASSED  
        dab_filltree,  33,  15000000,       1,0.27908314,  PASSED  
)";

Battery with(std::vector<double> values) {
    Battery battery{"dieharder", true, {}};
    for (const double p : values) battery.values.push_back({"test", "", p});
    return battery;
}

}  // namespace

TEST_CASE("p-values are read out of what dieharder prints") {
    const auto values = parse_dieharder(printed);
    REQUIRE(values.size() == 2);
    CHECK(values[0].test == "dab_filltree");
    CHECK(values[1].detail == "33");
    CHECK(values[1].p == Approx(0.27908314));
    CHECK(parse_dieharder("Error:  Can only test distribution of positive ntuples.\n").empty());
}

TEST_CASE("Chi-square is read out of what ent prints") {
    const std::string ent =
        "0,File-bytes,Entropy,Chi-square,Mean,Monte-Carlo-Pi,Serial-Correlation\n"
        "1,52428800,7.999996,257.733115,127.509960,3.141219,0.000074\n";
    CHECK(parse_ent(ent) == Approx(257.733115));
    CHECK_FALSE(parse_ent("ent: no such option"));
}

TEST_CASE("A battery fails by one impossible p-value, by too many weak ones, or by a test without an end") {
    CHECK(with({0.3, 0.004, 0.9}).at_expectation());
    CHECK(with({0.3, 0.004, 0.9}).weak() == 1);
    CHECK_FALSE(with({0.3, 1e-7}).at_expectation());
    CHECK_FALSE(with({0.3, 1 - 1e-8}).at_expectation());
    CHECK_FALSE(with({0.3, 0.004, 0.997, 0.003}).at_expectation());  // P(>= 3 | 0.04) = 0.00001
    Battery endless = with({0.5});
    endless.values.push_back({"dieharder -d 1", "", std::nullopt});
    CHECK_FALSE(endless.at_expectation());
    CHECK(endless.failures() == 1);
}

TEST_CASE("A program gets the bytes up to the limit, and what it says is kept") {
    const Bytes piece(1000, 'x');
    const auto counted = feed(
        {"wc", "-c"}, [&] { return ByteView(piece); }, 1'234'567);
    REQUIRE(counted);
    CHECK(counted->output == "1234567\n");
    CHECK(counted->taken == 1'234'567);
    CHECK(counted->all);
    CHECK(WIFEXITED(counted->status));
}

TEST_CASE("A program that has read enough ends the feeding") {
    const Bytes piece(100'000, 'x');
    const auto fed = feed(
        {"head", "-c", "10"}, [&] { return ByteView(piece); }, std::uint64_t{1} << 40);
    REQUIRE(fed);
    CHECK(fed->output == "xxxxxxxxxx");
    CHECK_FALSE(fed->all);
}

TEST_CASE("A program that is not installed is not there") {
    const Bytes piece(10);
    CHECK_FALSE(feed(
        {"portcullis-no-such-program"}, [&] { return ByteView(piece); }, 100));
}
