// One file at a time: what cannot be shown with real images, which tests/interop/test_offline.py does.

#include "gateway/media/treat.hpp"

#include <catch2/catch.hpp>

#include "gateway/keys/keyring.hpp"
#include "gateway/media/inspect.hpp"
#include "tests/media/folder.hpp"
#include "tests/media/part10.hpp"

using namespace portcullis;
using namespace portcullis::media;
using Catch::Contains;
using media::test::content;
using media::test::Folder;
namespace fs = std::filesystem;

namespace {

class Fixture {
  public:
    Fixture() {
        keys::Keyring::init(folder / "keys");
        keyring = keys::Keyring::open(folder / "keys");
    }
    Means means(std::string tenant = "here") const {
        const auto& codecs = codec::Catalogue::built_in();
        return {*keyring, *keyring, *codecs.find("rabbit-siv"), codecs, std::move(tenant), "gate"};
    }
    Outcome treat(Treat how, const Job& job, const Means& with) const {
        Outcome told;
        {
            Committer committer;
            how(job, with, committer, [&](Outcome outcome) { told = std::move(outcome); });
        }
        return told;
    }
    Outcome seal(const fs::path& path) const { return treat(seal_file, {path, path}, means()); }
    Outcome open(const fs::path& path) const { return treat(open_file, {path, path}, means()); }

    Folder folder;
    std::unique_ptr<keys::Keyring> keyring;
};

}  // namespace

TEST_CASE_METHOD(Fixture, "an image of any size is sealed in place, and opened as it was") {
    const auto pixels = GENERATE(std::size_t{2}, std::size_t{60'000}, std::size_t{3'000'000});
    const Bytes original = test::image_file(pixels);
    const auto path = folder.write("in/ct", original);
    CHECK(seal(path).state == State::sealed);
    const Bytes sealed = content(path);
    CHECK(sealed != original);
    CHECK(std::equal(sealed.begin(), sealed.begin() + 132, original.begin()));
    CHECK(seal(path).state == State::already_sealed);
    CHECK(content(path) == sealed);
    CHECK(open(path).state == State::opened);
    CHECK(content(path) == original);
    CHECK(open(path).state == State::not_sealed);
}

TEST_CASE_METHOD(Fixture, "a group length that would not come back is a reason to refuse") {
    image::test::DataSet behind(true);
    behind.element(0x7FE10000, "UL", std::string_view("\x0C\0\0\0", 4)).element(0x7FE10010, "LO", "GEMS");
    const Bytes original = test::image_file(100, behind.bytes);
    const auto path = folder.write("in/ct", original);
    const auto outcome = seal(path);
    CHECK(outcome.state == State::refused);
    CHECK_THAT(outcome.reason, Contains("(7FE1,0000)"));
    CHECK(content(path) == original);
    CHECK(folder.names().size() == 1 + 4);  // with the keyring's four
}

TEST_CASE_METHOD(Fixture, "what another tenant or keyring sealed is neither opened nor sealed again") {
    const auto path = folder.write("in/ct", test::image_file(100));
    CHECK(seal(path).state == State::sealed);
    const Bytes sealed = content(path);
    CHECK(treat(open_file, {path, path}, means("there")).state == State::refused);
    keys::Keyring::init(folder / "others");
    keyring = keys::Keyring::open(folder / "others");
    for (const auto& outcome : {seal(path), open(path)}) {
        CHECK(outcome.state == State::refused);
        CHECK_THAT(outcome.reason, Contains("no_key"));
    }
    CHECK(content(path) == sealed);
}

TEST_CASE_METHOD(Fixture, "a block of ours that holds no envelope is not taken for nothing") {
    image::test::DataSet behind(true);
    behind.element(0x7FE100FE, "LO", "PORTCULLIS");
    const auto path = folder.write("in/ct", test::image_file(100, behind.bytes));
    CHECK_THAT(seal(path).reason, Contains("holds no envelope"));
    CHECK_THAT(open(path).reason, Contains("holds no envelope"));
    CHECK_THAT(inspect_file({path, path}, nullptr).reason, Contains("no envelope"));
}

TEST_CASE_METHOD(Fixture,
                 "an output holds results, copies of what needs nothing, and nothing else is replaced") {
    const auto in = folder.write("in/ct", test::image_file(100));
    const Job job{in, folder / "ct"};
    CHECK(treat(seal_file, job, means()).state == State::sealed);
    const Bytes sealed = content(job.destination);
    CHECK(treat(seal_file, job, means()).state == State::done);
    CHECK(content(job.destination) == sealed);
    SECTION("the image in the clear") {
        folder.write("ct", content(in));
    }
    SECTION("another file") {
        folder.write("ct", "notes");
    }
    SECTION("a sealed file of another image") {
        const auto other = folder.write("other", test::image_file(102));
        CHECK(treat(seal_file, {other, other}, means()).state == State::sealed);
        folder.write("ct", content(other));
    }
    const Bytes there = content(job.destination);
    const auto outcome = treat(seal_file, job, means());
    CHECK(outcome.state == State::refused);
    CHECK_THAT(outcome.reason, Contains("is not what an earlier run made"));
    CHECK(content(job.destination) == there);
}

TEST_CASE_METHOD(Fixture, "inspection tells of the envelope without a key, and verifies with one") {
    const auto path = folder.write("in/ct", test::image_file(300'000));
    const Job job{path, path};
    CHECK(inspect_file(job, nullptr).state == State::not_sealed);
    const auto id = seal(path).envelope;
    const auto told = inspect_file(job, nullptr);
    REQUIRE(told.envelope);
    CHECK(told.envelope->head.id == id);
    CHECK(told.envelope->head.origin.gateway_id == "gate");
    CHECK(told.envelope->head.tenant == "here");
    CHECK(told.envelope->units == 2);
    CHECK(told.envelope->stanzas.size() == 1);
    CHECK_FALSE(told.verified);
    const auto with = means();
    CHECK(inspect_file(job, &with).verified == true);
    Bytes damaged = content(path);
    damaged[damaged.size() / 2] ^= 1;
    folder.write("in/ct", damaged);
    CHECK(inspect_file(job, nullptr).good());
    CHECK(inspect_file(job, &with).verified == false);
    CHECK_FALSE(inspect_file(job, &with).good());
}
