#include "gateway/keys/keyring.hpp"

#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <map>
#include <string>

#include "codec/signature.hpp"
#include "tests/support/temporary_folder.hpp"

using namespace portcullis;
using keys::Keyring;
namespace fs = std::filesystem;
using Catch::Contains;

namespace {

constexpr codec::EnvelopeId envelope{9};

codec::KekStanza wrap(const Keyring& keyring, const codec::Dek& dek) {
    const auto stanzas = keyring.wrap(dek, envelope);
    REQUIRE(stanzas);
    REQUIRE(stanzas->size() == 1);
    return std::get<codec::KekStanza>(stanzas->at(0));
}

// A folder of the test's own, with a keyring in it.
class Fixture {
  public:
    Fixture() { Keyring::init(folder); }

    fs::path kek_file() const { return fs::directory_iterator(folder / "keks")->path(); }

    const portcullis::support::TemporaryFolder own;
    const fs::path root = own.path();
    const fs::path folder = root / "keys";
};

std::string content(const fs::path& path) {
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

void write(const fs::path& path, const std::string& text) {
    std::ofstream(path, std::ios::binary) << text;
    fs::permissions(path, fs::perms::owner_read | fs::perms::owner_write);
}

std::string error_of(const std::function<void()>& action) {
    try {
        action();
    } catch (const std::runtime_error& error) {
        const std::string text = error.what();
        CHECK(text.find('\n') == std::string::npos);
        return text;
    }
    return "no error";
}

std::string error_of_opening(const fs::path& folder) {
    return error_of([&] { Keyring::open(folder); });
}

mode_t mode_of(const fs::path& path) {
    struct stat status {};
    REQUIRE(::lstat(path.c_str(), &status) == 0);
    return status.st_mode & 07777;
}

codec::Dek some_dek(std::uint8_t value) {
    codec::Dek dek;
    std::fill(dek.fill().begin(), dek.fill().end(), value);
    return dek;
}

bool same(const codec::Dek& a, const codec::Dek& b) {
    return codec::equal_in_constant_time(a.view(), b.view());
}

}  // namespace

TEST_CASE("A new keyring is private, and has one current KEK and a signing key") {
    const Fixture fixture;
    REQUIRE(mode_of(fixture.folder) == 0700);
    for (const auto& entry : fs::recursive_directory_iterator(fixture.folder))
        REQUIRE(mode_of(entry.path()) == (entry.is_directory() ? 0700 : 0600));
    const auto keyring = Keyring::open(fixture.folder);
    const auto listing = keyring->list();
    REQUIRE(listing.size() == 1);
    REQUIRE(listing[0].current);
    REQUIRE(listing[0].created.size() == 20);
    REQUIRE(listing[0].created.back() == 'Z');
    REQUIRE(keyring->trusts(keyring->signer()));
    REQUIRE(std::distance(fs::directory_iterator(fixture.root), {}) == 1);
}

TEST_CASE("A DEK wraps under the current KEK, and unwraps, also after opening again") {
    const Fixture fixture;
    const auto wrapped = wrap(*Keyring::open(fixture.folder), some_dek(7));
    REQUIRE(wrapped.wrapped.size() == 40);
    const auto keyring = Keyring::open(fixture.folder);
    REQUIRE(wrapped.kek == keyring->list()[0].kek);
    const auto dek = keyring->unwrap(wrapped, envelope);
    REQUIRE(dek);
    REQUIRE(same(*dek, some_dek(7)));
}

TEST_CASE("A key wrapped under another KEK, or for a recovery certificate, is not ours") {
    const Fixture ours;
    const Fixture other;
    const auto keyring = Keyring::open(ours.folder);
    auto wrapped = wrap(*Keyring::open(other.folder), some_dek(1));
    REQUIRE(keyring->unwrap(wrapped, envelope).failure() == codec::Failure::no_key);
    wrapped.kek = keyring->list()[0].kek;
    REQUIRE(keyring->unwrap(wrapped, envelope).failure() == codec::Failure::no_key);
    wrapped.wrapped.clear();
    REQUIRE(keyring->unwrap(wrapped, envelope).failure() == codec::Failure::no_key);
    const codec::RecoveryStanza recovery{{}, std::vector<std::uint8_t>(384)};
    REQUIRE(keyring->unwrap(recovery, envelope).failure() == codec::Failure::no_key);
}

TEST_CASE("A keyring knows no secret of a study") {
    const Fixture fixture;
    REQUIRE(Keyring::open(fixture.folder)->study_secret({}).failure() == codec::Failure::no_study_secret);
}

TEST_CASE("An older KEK still unwraps, the current one wraps") {
    const Fixture older;
    const Fixture newer;
    const auto wrapped = wrap(*Keyring::open(older.folder), some_dek(3));
    fs::copy(older.kek_file(), newer.folder / "keks");
    const auto keyring = Keyring::open(newer.folder);
    REQUIRE(keyring->list().size() == 2);
    REQUIRE(same(*keyring->unwrap(wrapped, envelope), some_dek(3)));
    REQUIRE(wrap(*keyring, some_dek(3)).kek != wrapped.kek);
}

TEST_CASE("Signatures verify under the public half only") {
    const Fixture fixture;
    const Fixture other;
    const auto keyring = Keyring::open(fixture.folder);
    codec::Digest digest{};
    digest[31] = 1;
    const auto signature = keyring->sign(digest);
    REQUIRE(signature);
    REQUIRE(codec::verifies(keyring->signer(), digest, *signature));
    REQUIRE_FALSE(codec::verifies(Keyring::open(other.folder)->signer(), digest, *signature));
    REQUIRE(keyring->signer() == Keyring::open(fixture.folder)->signer());
}

TEST_CASE("Another gateway is trusted when its public key is in trusted/") {
    const Fixture ours;
    const Fixture other;
    const auto signer = Keyring::open(other.folder)->signer();
    REQUIRE_FALSE(Keyring::open(ours.folder)->trusts(signer));
    fs::copy(other.folder / "signing.pub", ours.folder / "trusted" / "gate-2.pub");
    REQUIRE(Keyring::open(ours.folder)->trusts(signer));
    write(ours.folder / "trusted" / "gate-2.pub", content(other.folder / "signing.key"));
    REQUIRE_THAT(error_of_opening(ours.folder), Contains("gate-2.pub: is not an Ed25519 public key"));
}

TEST_CASE("A keyring is never made over something that is there") {
    const Fixture fixture;
    const auto before = content(fixture.kek_file());
    REQUIRE_THAT(error_of([&] { Keyring::init(fixture.folder); }), Contains("there is something already"));
    REQUIRE(content(fixture.kek_file()) == before);
    write(fixture.root / "file", "x");
    REQUIRE_THAT(error_of([&] { Keyring::init(fixture.root / "file"); }), Contains("something already"));
    fs::create_symlink("nowhere", fixture.root / "link");
    REQUIRE_THAT(error_of([&] { Keyring::init(fixture.root / "link"); }), Contains("something already"));
    REQUIRE_THAT(error_of([&] { Keyring::init(fixture.root / "file" / "keys"); }), Contains("file"));
}

TEST_CASE("An empty folder becomes a keyring; parents are made; a slash at the end does no harm") {
    const Fixture fixture;
    fs::create_directory(fixture.root / "empty");
    Keyring::init(fixture.root / "empty");
    REQUIRE(Keyring::open(fixture.root / "empty")->list().size() == 1);
    REQUIRE(mode_of(fixture.root / "empty") == 0700);
    const fs::path deep = fixture.root / "a" / "b" / "";
    Keyring::init(deep);
    REQUIRE(Keyring::open(deep)->list().size() == 1);
}

TEST_CASE("Whatever others may read, enter or write is refused by name") {
    const Fixture fixture;
    const std::map<fs::path, bool> parts = {
        {fixture.folder, true},
        {fixture.folder / "keks", true},
        {fixture.folder / "trusted", true},
        {fixture.kek_file(), false},
        {fixture.folder / "current", false},
        {fixture.folder / "signing.key", false},
    };
    for (const auto& [path, is_folder] : parts) {
        for (const mode_t extra : {0001, 0004, 0010, 0020, 0040, 0002}) {
            const mode_t strict = is_folder ? 0700 : 0600;
            REQUIRE(::chmod(path.c_str(), strict | extra) == 0);
            const auto error = error_of_opening(fixture.folder);
            REQUIRE_THAT(error, Contains(path.string() + ": may be") && Contains("chmod"));
            REQUIRE(::chmod(path.c_str(), strict) == 0);
        }
    }
    REQUIRE(Keyring::open(fixture.folder) != nullptr);
}

TEST_CASE("Symbolic links are refused wherever they stand") {
    const Fixture fixture;
    const fs::path kek = fixture.kek_file();
    for (const fs::path& path : {fixture.folder, fixture.folder / "keks", fixture.folder / "trusted", kek,
                                 fixture.folder / "signing.key"}) {
        const fs::path moved = fixture.root / "moved";
        fs::rename(path, moved);
        fs::create_symlink(moved, path);
        REQUIRE_THAT(error_of_opening(fixture.folder), Contains(path.string()) && Contains("symbolic link"));
        REQUIRE_THAT(error_of_opening(fixture.folder / ""), Contains("symbolic link"));
        fs::remove(path);
        fs::rename(moved, path);
    }
}

TEST_CASE("Missing and malformed files are named, and nothing of their content is shown") {
    const Fixture fixture;
    REQUIRE_THAT(error_of_opening(fixture.root / "none"), Contains("none") && Contains("keys init"));
    const fs::path kek = fixture.kek_file();
    for (const fs::path& path : {kek, fixture.folder / "current", fixture.folder / "signing.key"}) {
        const std::string good = content(path);
        for (std::size_t cut = 0; cut < good.size(); cut += 7) {
            write(path, good.substr(0, cut));
            const auto error = error_of_opening(fixture.folder);
            REQUIRE_THAT(error, Contains(path.string()));
            REQUIRE(error.find("PRIVATE KEY-") == std::string::npos);
        }
        write(path, good + std::string(5000, 'x'));
        REQUIRE_THAT(error_of_opening(fixture.folder), Contains(path.string() + ": is too long"));
        fs::remove(path);
        REQUIRE_THAT(error_of_opening(fixture.folder), Contains(fixture.folder.string()));
        REQUIRE(::mkfifo(path.c_str(), 0600) == 0);
        REQUIRE_THAT(error_of_opening(fixture.folder), Contains("not a regular file"));
        fs::remove(path);
        write(path, good);
    }
    const std::string text = content(kek);
    const std::string key = text.substr(text.find("key ") + 4, 64);
    write(kek, text.substr(0, text.find("key ") + 4) + key + "0\n");
    const auto error = error_of_opening(fixture.folder);
    REQUIRE_THAT(error, Contains(kek.string()) && !Contains(key));
    write(kek, text);
    fs::rename(kek, kek.parent_path() / std::string(32, 'a'));
    REQUIRE_THAT(error_of_opening(fixture.folder), Contains("name the file so"));
}

TEST_CASE("An encrypted signing key is refused without asking anybody") {
    const Fixture fixture;
    write(fixture.folder / "signing.key",
          "-----BEGIN ENCRYPTED PRIVATE KEY-----\nMIGjMF8GCSqGSIb3DQEFDTBSMDEGCSqGSIb3DQEFDDAkBBA=\n"
          "-----END ENCRYPTED PRIVATE KEY-----\n");
    REQUIRE_THAT(error_of_opening(fixture.folder), Contains("signing.key: is not an unencrypted Ed25519"));
}

TEST_CASE("A keyring of another user is refused") {
    if (::geteuid() != 0) return;  // only root can give files away
    const Fixture fixture;
    REQUIRE(::chmod(fixture.root.c_str(), 0755) == 0);
    constexpr uid_t user = 54321;
    const auto opens_as = [&](uid_t uid) {
        const pid_t child = ::fork();
        if (child == 0) {
            if (::setuid(uid) != 0) ::_exit(2);
            try {
                Keyring::open(fixture.folder);
            } catch (const std::exception&) {
                ::_exit(1);
            }
            ::_exit(0);
        }
        int status = 0;
        REQUIRE(::waitpid(child, &status, 0) == child);
        return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    };
    REQUIRE(opens_as(user) == 1);
    for (const auto& entry : fs::recursive_directory_iterator(fixture.folder))
        REQUIRE(::chown(entry.path().c_str(), user, user) == 0);
    REQUIRE(::chown(fixture.folder.c_str(), user, user) == 0);
    REQUIRE(opens_as(user) == 0);
    REQUIRE(opens_as(user + 1) == 1);
    REQUIRE(::chown(fixture.kek_file().c_str(), user + 1, user) == 0);
    REQUIRE(opens_as(user) == 1);
}
