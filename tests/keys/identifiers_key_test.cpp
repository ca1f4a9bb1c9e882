#include "gateway/keys/identifiers_key.hpp"

#include <sys/stat.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <fstream>
#include <thread>
#include <vector>

#include "gateway/keys/keyring.hpp"
#include "tests/support/temporary_folder.hpp"

using namespace portcullis::keys;
namespace fs = std::filesystem;
using Catch::Contains;

namespace {

class Fixture {
  public:
    Fixture() { Keyring::init(folder()); }
    fs::path folder() const { return root_ / "keys"; }
    fs::path file() const { return folder() / "audit-identifiers.key"; }

  private:
    const portcullis::support::TemporaryFolder root_;
};

bool same(const IdentifiersKey& one, const IdentifiersKey& other) {
    return std::ranges::equal(one.view(), other.view());
}

}  // namespace

TEST_CASE("The key of identifiers is made once, and is private") {
    const Fixture fixture;
    CHECK_FALSE(find_identifiers_key(fixture.folder()));
    const auto made = need_identifiers_key(fixture.folder());
    CHECK(same(made, need_identifiers_key(fixture.folder())));
    CHECK(same(made, find_identifiers_key(fixture.folder()).value()));
    struct stat status {};
    REQUIRE(::stat(fixture.file().c_str(), &status) == 0);
    CHECK((status.st_mode & 0777) == 0600);
    const Fixture other;
    CHECK_FALSE(same(made, need_identifiers_key(other.folder())));
    Keyring::open(fixture.folder());  // which does not mind it
}

TEST_CASE("Of several who need the key at once all get the same") {
    const Fixture fixture;
    const auto files = [&] {
        return std::distance(fs::directory_iterator(fixture.folder()), fs::directory_iterator());
    };
    const auto before = files();
    std::vector<IdentifiersKey> keys(8);
    std::vector<std::thread> threads;
    for (auto& key : keys) threads.emplace_back([&] { key = need_identifiers_key(fixture.folder()); });
    for (auto& thread : threads) thread.join();
    for (const auto& key : keys) CHECK(same(key, keys.front()));
    CHECK(files() == before + 1);
}

TEST_CASE("A key that is damaged or can be read by others is refused") {
    const Fixture fixture;
    need_identifiers_key(fixture.folder());
    for (const std::string& text : {std::string(), std::string("portcullis-audit-identifiers 1\nkey 00\n"),
                                    "portcullis-audit-identifiers 1\nkey " + std::string(64, 'x') + "\n",
                                    "portcullis-audit-identifiers 2\nkey " + std::string(64, '0') + "\n"}) {
        std::ofstream(fixture.file(), std::ios::trunc) << text;
        CHECK_THROWS_WITH(find_identifiers_key(fixture.folder()),
                          Contains("audit-identifiers.key") && Contains("restore it"));
    }
    fs::permissions(fixture.file(), fs::perms(0640));
    CHECK_THROWS_WITH(need_identifiers_key(fixture.folder()), Contains("chmod 0600"));
}
