// Every way in which a plugin may be bad, and a good one.

#include <sys/stat.h>

#include <catch2/catch.hpp>

#include "codec/object.hpp"
#include "tests/codec/plugins/files.hpp"
#include "tests/codec/sealed_sample.hpp"

using namespace portcullis::codec;
using namespace portcullis::test;
using Catch::Matchers::Contains;
using Catch::Matchers::StartsWith;
namespace fs = std::filesystem;

namespace {

std::string refusal(const PluginFile& file, unsigned most_seconds = self_test_seconds) {
    try {
        load_plugin(file, most_seconds);
        return "none";
    } catch (const PluginError& error) {
        return error.what();
    }
}

std::ptrdiff_t open_files() {
    return std::distance(fs::directory_iterator("/proc/self/fd"), {});
}

Catalogue only_codec(const Codec& codec) {
    Catalogue catalogue;
    REQUIRE(catalogue.add(codec));
    return catalogue;
}

struct SealedUnits {
    std::vector<ByteVector> units;
    ByteVector envelope;
};

SealedUnits seal(const SealingKeys& keys, const Codec& codec, const std::vector<ByteVector>& plain) {
    auto sealer = ObjectSealer::begin(keys, codec, portcullis::test::identity, origin);
    REQUIRE(sealer);
    SealedUnits sealed{plain, {}};
    (*sealer)->begin_region(pixel_data, 0, RegionKind::native);
    for (auto& unit : sealed.units) (*sealer)->seal_unit(unit);
    (*sealer)->end_region();
    sealed.envelope = (*sealer)->finish(ct_description()).operator*();
    return sealed;
}

}  // namespace

TEST_CASE("a plugin that is bad is refused, and it is said why") {
    const std::pair<const char*, const char*> bad[] = {
        {"built_in_id", "its id, 'rabbit-siv', is that of a built-in codec"},
        {"capital_id", "its id is not 1 to 32 of a-z, 0-9 and '-'"},
        {"endless_id", "its id is not 1 to 32 of a-z, 0-9 and '-'"},
        {"long_key", "asks for a key of 4096 bytes; 1024 is the most"},
        {"no_function", "lacks create, destroy, encrypt_unit or decrypt_unit"},
        {"no_symbol", "exports no portcullis_plugin_describe"},
        {"undefined_symbol", "cannot be loaded: undefined symbol: nobody_has_this"},
        {"wrong_abi", "was compiled for ABI 2, this program has ABI 1"},
        {"crash_in_constructor", "died in its self-test (signal 6, Aborted), in its constructors"},
        {"crash_in_encrypt", "died in its self-test (signal 6, Aborted), in encrypt_unit of 17 bytes"},
        {"exit_in_describe",
         "left the process in its self-test (exit status 0), in portcullis_plugin_describe"},
        {"write_past_unit",
         "died in its self-test (signal 11, Segmentation fault), in encrypt_unit of 1 bytes: it may have "
         "touched what is not its unit or key"},
        {"write_before_unit", "failed its self-test: encrypt_unit wrote outside of its unit (a unit of 1 "},
        {"read_past_key",
         "died in its self-test (signal 11, Segmentation fault), in create: it may have touched what is not "
         "its unit or key"},
        {"keep_key_pointer", "died in its self-test (signal 11, Segmentation fault), in encrypt_unit of 1 "},
        {"no_memory", "failed its self-test: create returned NULL"},
        {"return_other_length", "failed its self-test: encrypt_unit returned 0 (a unit of 1 bytes)"},
        {"not_its_inverse",
         "failed its self-test: decrypt_unit does not undo encrypt_unit (a unit of 15 bytes)"},
        {"random", "failed its self-test: the same unit came to another result when it came again"},
        {"keep_state", "failed its self-test: the same unit came to another result when it came again"},
        {"own_memory", "failed its self-test: another cipher of the same key came to another result"},
        {"own_address", "failed its self-test: it came to another result in another process"},
        {"own_process", "failed its self-test: it came to another result in another process"},
    };
    const auto files_before = open_files();
    for (const auto& [name, said] : bad) {
        INFO(name);
        CHECK_THAT(refusal(allowed(built_plugin(name))), StartsWith(said));
    }
    CHECK(open_files() == files_before);
}

TEST_CASE("a plugin that does not come to an end is ended") {
    CHECK(refusal(allowed(built_plugin("hang")), 1) ==
          "did not finish its self-test within 1 s, in decrypt_unit of 1 bytes");
}

TEST_CASE("only the file that is allowed is loaded") {
    const std::string good = contents(built_plugin("sample"));
    const TemporaryFile file(good);
    const PluginFile named = allowed(file.path());
    CHECK(refusal(named) == "none");

    PluginFile other = named;
    other.sha256[31] ^= 1;
    CHECK_THAT(refusal(other), StartsWith("its SHA-256 is ") && Contains("is not the one that is allowed"));

    file.write(contents(built_plugin("fail_later")));
    CHECK_THAT(refusal(named), StartsWith("its SHA-256 is "));
    file.write(good + '\n');
    CHECK_THAT(refusal(named), StartsWith("its SHA-256 is "));
    file.write("");
    CHECK_THAT(refusal(named), StartsWith("its SHA-256 is "));
}

TEST_CASE("what is no shared object, or no file, is refused") {
    const TemporaryFile text("a plugin, it says\n");
    CHECK_THAT(refusal(allowed(text.path())), StartsWith("cannot be loaded: ") && !Contains("/proc"));
    const TemporaryFile empty("");
    CHECK_THAT(refusal(allowed(empty.path())), StartsWith("cannot be loaded: "));
    const TemporaryFile cut(contents(built_plugin("sample")).substr(0, 2000));
    CHECK(refusal(allowed(cut.path())) != "none");

    const PluginFile sample = allowed(built_plugin("sample"));
    CHECK(refusal({fs::relative(sample.path).string(), sample.sha256}) == "is no absolute path");
    CHECK(refusal({"", sample.sha256}) == "is no absolute path");
    CHECK(refusal({sample.path + ".gone", sample.sha256}) == "cannot be opened: No such file or directory");
    CHECK(refusal({fs::temp_directory_path().string(), sample.sha256}) == "is no regular file");

    const std::string fifo = text.path() + ".fifo";
    REQUIRE(::mkfifo(fifo.c_str(), 0600) == 0);
    CHECK(refusal({fifo, sample.sha256}) == "is no regular file");
    fs::remove(fifo);
    fs::resize_file(empty.path(), (64 << 20) + 1);
    CHECK(refusal({empty.path(), sample.sha256}) == "has more than 64 MiB");
}

TEST_CASE("objects are sealed and opened with a plugin") {
    const PluginFile file = allowed(built_plugin("sample"));
    const Codec codec = load_plugin(file);
    CHECK(codec.id == "sample");
    CHECK(codec.version == 7);
    CHECK(codec.key_length == 32);
    CHECK(codec.plugin == file.path);

    const TestKeys keys;
    const std::vector<ByteVector> plain = {pattern(unit_size, 0), pattern(unit_size, 1), pattern(999, 2)};
    const auto sealed = seal(keys, codec, plain);
    auto opener = ObjectOpener::begin(sealed.envelope, keys, only_codec(codec), portcullis::test::identity);
    REQUIRE(opener);
    for (const std::size_t number : {2, 0, 1}) {
        ByteVector unit = sealed.units[number];
        CHECK(unit != plain[number]);
        REQUIRE((*opener)->open_unit(unit, number));
        CHECK(unit == plain[number]);
    }

    Codec other_version = codec;
    other_version.version = 8;
    for (const auto& catalogue : {only({"rabbit-siv", "none"}), only_codec(other_version)}) {
        const auto refused =
            ObjectOpener::begin(sealed.envelope, keys, catalogue, portcullis::test::identity);
        REQUIRE_FALSE(refused);
        CHECK(refused.failure() == Failure::codec_not_allowed);
    }
}

TEST_CASE("what was loaded lives as long as its ciphers, whatever becomes of the file") {
    const ByteVector plain = pattern(100, 0);
    ByteVector unit = plain;
    std::unique_ptr<UnitCipher> cipher;
    {
        const TemporaryFile file(contents(built_plugin("sample")));
        const Codec codec = load_plugin(allowed(file.path()));
        file.write(std::string(fs::file_size(file.path()), '\0'));
        cipher = codec.create(pattern(32, 0));
    }
    cipher->encrypt(unit, 1);
    CHECK(unit != plain);
    cipher->decrypt(unit, 1);
    CHECK(unit == plain);
}

TEST_CASE("a plugin that cannot be unloaded is not taken for the next one") {
    for (int round = 0; round < 3; ++round) {
        CHECK(load_plugin(allowed(built_plugin("fail_later"))).id == "fail-later");
        CHECK(load_plugin(allowed(built_plugin("sample"))).id == "sample");
    }
}

TEST_CASE("a plugin that fails after its self-test throws, and the unit is wiped") {
    const Codec codec = load_plugin(allowed(built_plugin("fail_later")));
    const auto cipher = codec.create(pattern(32, 0));
    ByteVector unit = pattern(3072, 0);
    CHECK_THROWS_WITH(cipher->encrypt(unit, 4), "codec fail-later failed at unit 4");
    CHECK(unit == ByteVector(3072));
    unit = pattern(5120, 0);
    CHECK_THROWS_AS(cipher->decrypt(unit, 4), std::runtime_error);
    CHECK(unit == ByteVector(5120));
}
