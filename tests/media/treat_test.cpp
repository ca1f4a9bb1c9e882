// One file at a time: what cannot be shown with real images, which tests/interop/test_offline.py does.

#include "gateway/media/treat.hpp"

#include <algorithm>
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

TEST_CASE_METHOD(Fixture, "a length of the group in which the envelope stands comes back") {
    image::test::DataSet behind(true);
    behind.element(0x7FE10000, "UL", std::string_view("\x0C\0\0\0", 4)).element(0x7FE10010, "LO", "GEMS");
    const Bytes original = test::image_file(100, behind.bytes);
    const auto path = folder.write("in/ct", original);
    CHECK(seal(path).state == State::sealed);
    CHECK(content(path) != original);
    CHECK(open(path).state == State::opened);
    CHECK(content(path) == original);
}

TEST_CASE_METHOD(Fixture, "a deflated file is sealed and opened as any, whoever deflated it") {
    const auto original = test::deflated_image_file(100'000);
    const auto path = folder.write("in/ct", original);
    const Job sealing{path, folder / "sealed/ct"}, opening{sealing.destination, folder / "opened/ct"};
    fs::create_directory(folder / "sealed");
    fs::create_directory(folder / "opened");
    CHECK(treat(seal_file, sealing, means()).state == State::sealed);
    CHECK(treat(seal_file, sealing, means()).state == State::done);
    CHECK(seal(sealing.destination).state == State::already_sealed);
    CHECK(treat(open_file, opening, means()).state == State::opened);
    CHECK(treat(open_file, opening, means()).state == State::done);
    CHECK(test::inflated_content(content(opening.destination)) == test::inflated_content(original));
    SECTION("a stream that was cut is not taken for it") {
        Bytes cut = content(opening.destination);
        cut.resize(cut.size() - 4);
        folder.write("opened/ct", cut);
        CHECK(treat(open_file, opening, means()).state == State::refused);
    }
    SECTION("nor is one of another image") {
        folder.write("opened/ct", test::deflated_image_file(99'998));
        CHECK(treat(open_file, opening, means()).state == State::refused);
    }
    SECTION("nor one that is not deflated") {
        folder.write("opened/ct", test::image_file(100'000));
        CHECK(treat(open_file, opening, means()).state == State::refused);
    }
}

TEST_CASE_METHOD(Fixture, "a deflated file with nothing to seal is copied as it is") {
    const Bytes original = test::deflated_file(image::test::DataSet(true).uid(0x00080018, "1.2").bytes);
    const auto path = folder.write("in/sr", original);
    CHECK(treat(seal_file, {path, folder / "sr"}, means()).state == State::nothing_to_seal);
    CHECK(content(folder / "sr") == original);
    CHECK(treat(seal_file, {path, folder / "sr"}, means()).state == State::done);
}

TEST_CASE_METHOD(Fixture, "what was edited or lost since is told when it is opened") {
    image::test::DataSet data(true);
    data.uid(0x00080016, test::ct_storage).uid(0x00080018, "1.2.3.4");
    data.us(0x00280010, 1).us(0x00280011, 8).us(0x00280100, 8).us(0x00280101, 7).us(0x00280102, 6);
    data.element(0x60003000, "OW", Bytes(600, 3)).element(0x7FE00010, "OB", Bytes(8, 7));
    Bytes original = test::head(test::explicit_le);
    append(original, data.bytes);
    const auto path = folder.write("in/ct", original);
    CHECK(seal(path).state == State::sealed);
    Bytes sealed = content(path);
    const auto overlay = as_bytes(std::string_view("\x00\x60\x00\x30OW\0\0", 8));
    const auto at = std::search(sealed.begin(), sealed.end(), overlay.begin(), overlay.end());
    REQUIRE(at != sealed.end());
    sealed.erase(at, at + 12 + 600);
    const auto comments = as_bytes("Pixels sealed");
    const auto mark = std::search(sealed.begin(), sealed.end(), comments.begin(), comments.end());
    REQUIRE(mark != sealed.end());
    *mark = 'p';
    folder.write("in/ct", sealed);
    const auto outcome = open(path);
    CHECK(outcome.state == State::opened);
    CHECK(outcome.missing == std::vector<codec::Path>{{{}, 0x60003000}});
    CHECK(outcome.edited == std::vector<codec::Path>{{{}, 0x00204000}});
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
    const auto before = inspect_file(job, nullptr);
    CHECK(before.state == State::not_sealed);
    REQUIRE(before.preview);
    REQUIRE(before.preview->regions.size() == 1);
    CHECK(before.preview->regions[0].length == 300'000);
    CHECK(before.preview->changes.size() == 1);  // the mark
    CHECK(content(path) == test::image_file(300'000));
    const auto id = seal(path).envelope;
    const auto told = inspect_file(job, nullptr);
    REQUIRE(told.envelope);
    CHECK(told.envelope->head.id == id);
    CHECK(told.envelope->head.origin.gateway_id == "gate");
    CHECK(told.envelope->head.tenant == "here");
    CHECK(told.envelope->units == 2);
    CHECK(told.envelope->stanzas.size() == 1);
    CHECK(told.envelope->regions == before.preview->regions);
    CHECK_FALSE(told.verified);
    CHECK_FALSE(told.changes);
    const auto with = means();
    CHECK(inspect_file(job, &with).verified == true);
    CHECK(inspect_file(job, &with).changes.value().size() == 1);
    Bytes damaged = content(path);
    damaged[damaged.size() / 2] ^= 1;
    folder.write("in/ct", damaged);
    CHECK(inspect_file(job, nullptr).good());
    CHECK(inspect_file(job, &with).verified == false);
    CHECK_FALSE(inspect_file(job, &with).good());
}

TEST_CASE_METHOD(Fixture, "inspection foretells what the configuration wants") {
    image::test::DataSet bulk(true);
    bulk.element(0x7FE30010, "LO", "ACME").element(0x7FE31001, "OB", Bytes(300, 9));
    const auto path = folder.write("in/ct", test::image_file(100, bulk.bytes));
    auto with = means();
    CHECK(inspect_file({path, path}, &with).preview->regions.size() == 2);
    with.mark = false;
    with.regions.never.creators = {"ACME"};
    const auto told = inspect_file({path, path}, &with);
    REQUIRE(told.preview);
    CHECK(told.preview->regions.size() == 1);
    CHECK(told.preview->changes.empty());
}

TEST_CASE_METHOD(Fixture, "inspection tells what stands in the way of sealing") {
    image::test::DataSet creators(true);
    for (std::uint32_t tag = 0x7FE10010; tag <= 0x7FE100FE; ++tag) creators.element(tag, "LO", "GEMS");
    const auto path = folder.write("in/ct", test::image_file(100, creators.bytes));
    CHECK_THAT(seal(path).reason, Contains("no free private block"));
    const auto told = inspect_file({path, path}, nullptr);
    CHECK(told.state == State::not_sealed);
    CHECK_FALSE(told.preview);
    CHECK_THAT(told.obstacle, Contains("no free private block"));
}
