#include "gateway/probe/study.hpp"

#include <set>

#include "gateway/probe/codestreams.hpp"
#include "gateway/probe/words.hpp"
#include "tests/probe/specimens.hpp"

using namespace portcullis;
using namespace portcullis::probe;
namespace tag = portcullis::image::tag;

TEST_CASE("UIDs are under 2.25, without leading zeros, and new each time") {
    std::set<std::string> seen;
    for (int i = 0; i < 200; ++i) {
        const auto uid = make_uid().str();
        CHECK(uid.rfind("2.25.", 0) == 0);
        CHECK(uid[5] != '0');
        CHECK(uid.size() <= 44);  // 39 digits hold 128 bits
        CHECK(seen.insert(uid).second);
    }
}

TEST_CASE("every specimen says that it is a test, of nobody") {
    const auto names = make_names();
    std::set<std::string> numbers;
    for (const auto& [name, object] : make_specimens(names, 5)) {
        INFO(name);
        const auto data_set = read(object);
        CHECK(text_of(data_set, 0x00100010) == patient_name);
        CHECK(text_of(data_set, tag::patient_id) == names.patient_id);
        CHECK(text_of(data_set, tag::study_instance_uid) == names.study.str());
        CHECK(text_of(data_set, tag::sop_instance_uid) == object.sop_instance.str());
        CHECK(text_of(data_set, tag::image_comments) == image_comments);
        numbers.insert(text_of(data_set, instance_number));
    }
    CHECK(numbers.size() == specimens().size());
    CHECK(numbers.contains("5"));
}

TEST_CASE("the native specimens are the same values in every encoding") {
    const auto pixels_of = [](const char* name) {
        return find(read(specimen(name)), tag::pixel_data)->bytes;
    };
    const auto explicit_pixels = pixels_of("Explicit VR Little Endian");
    CHECK(explicit_pixels.size() == 2 * rows * columns);
    CHECK(pixels_of("Implicit VR Little Endian") == explicit_pixels);
    CHECK(pixels_of("Explicit VR Big Endian") == explicit_pixels);
}

TEST_CASE("compressed specimens have several fragments where the standard allows it") {
    for (const auto& codestream : codestreams()) {
        const auto data_set = read(specimen(syntax_name(std::string(codestream.transfer_syntax))));
        const auto* pixels = find(data_set, tag::pixel_data);
        REQUIRE(pixels->encapsulated);
        CHECK(pixels->items.size() == 1 + codestream.fragments);
    }
}
