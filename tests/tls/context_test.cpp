// Which files can be used, and what is said of the others.

#include "gateway/tls/context.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <fstream>

#include "tests/tls/certificates.hpp"

using namespace portcullis;
using namespace portcullis::test;
using tls::ClientCertificate;
using tls::Context;
using tls::File;

namespace {

/// What is said of the files of a listener, and of which; empty: they can be used.
std::pair<std::string, File> said_of(const tls::Files& files) {
    try {
        Context::server(files, ClientCertificate::required);
        return {"", File::authorities};
    } catch (const tls::Unusable& unusable) {
        return {std::string(unusable.what()) + "; " + unusable.remedy, unusable.file};
    }
}

void check(const tls::Files& files, File which, const std::string& said) {
    const auto [complaint, file] = said_of(files);
    CHECK_THAT(complaint, Catch::Matchers::Contains(said));
    CHECK(complaint.find('\n') == std::string::npos);
    CHECK(file == which);
}

std::string write(const CertificateFolder& folder, const std::string& name, const std::string& text) {
    const auto path = folder.path() / name;
    std::ofstream(path) << text;
    ::chmod(path.c_str(), 0600);
    return path;
}

std::string contents(const std::string& path) {
    std::ifstream file(path);
    return {std::istreambuf_iterator<char>(file), {}};
}

const CertificateFolder folder;
const Authority authority(folder, "authority");
const Issued gate = authority.issue("gate");

}  // namespace

TEST_CASE("A certificate with its key and authorities can be used, also with its chain") {
    CHECK(said_of({gate.certificate, gate.key, authority.file()}).first.empty());
    const auto chain = write(folder, "chain.pem", contents(gate.certificate) + contents(authority.file()));
    CHECK(said_of({chain, gate.key, authority.file()}).first.empty());
    const auto rsa = authority.issue("rsa", {"DNS:rsa.example", -1, 30, 2048});
    CHECK(said_of({rsa.certificate, rsa.key, authority.file()}).first.empty());
}

TEST_CASE("What is wrong with a certificate is said in one line") {
    const auto expired = authority.issue("expired", {"DNS:gate.example", -30, -1});
    const auto early = authority.issue("early", {"DNS:gate.example", 2, 30});
    const auto weak = authority.issue("weak", {"DNS:gate.example", -1, 30, 1024});
    check({expired.certificate, expired.key, authority.file()}, File::certificate, "expired on ");
    check({early.certificate, early.key, authority.file()}, File::certificate, "is not valid before ");
    check({weak.certificate, weak.key, authority.file()}, File::certificate, "key too small");
    check({"/nowhere.pem", gate.key, authority.file()}, File::certificate,
          "cannot be read: No such file or directory");
    check({folder.path(), gate.key, authority.file()}, File::certificate,
          "is no file that can be read whole");
    check({"/dev/null", gate.key, authority.file()}, File::certificate, "is no file");
    check({write(folder, "text", "no certificate\n"), gate.key, authority.file()}, File::certificate,
          "holds no certificate");
    check({gate.key, gate.key, authority.file()}, File::certificate, "holds no certificate");
    const auto cut = contents(gate.certificate).substr(0, 200);
    check({write(folder, "cut", cut), gate.key, authority.file()}, File::certificate,
          "certificate 1 in it cannot be read");
    check({write(folder, "cut2", contents(gate.certificate) + cut), gate.key, authority.file()},
          File::certificate, "certificate 2 in it cannot be read");
}

TEST_CASE("What is wrong with a key is said in one line") {
    const auto other = authority.issue("other");
    check({gate.certificate, other.key, authority.file()}, File::key, "does not belong to the certificate");
    check({gate.certificate, gate.certificate, authority.file()}, File::key, "holds no private key");
    const auto locked = authority.issue("locked", {"DNS:gate.example", -1, 30, 0, "secret"});
    check({locked.certificate, locked.key, authority.file()}, File::key, "has a passphrase");
}

TEST_CASE("A key that others can read is refused") {
    const auto mode = GENERATE(0644, 0604, 0620, 0660, 0602);
    const auto shown = write(folder, "shown.key", contents(gate.key));
    ::chmod(shown.c_str(), static_cast<mode_t>(mode));
    check({gate.certificate, shown, authority.file()}, File::key, "may be read or written by others");
}

TEST_CASE("A group may read a key of root's, and of nobody else's") {
    const auto shared = write(folder, "shared.key", contents(gate.key));
    ::chmod(shared.c_str(), 0640);
    const auto said = said_of({gate.certificate, shared, authority.file()}).first;
    CHECK(said.empty() == (::geteuid() == 0));
    if (::geteuid() != 0) return;
    REQUIRE(::chown(shared.c_str(), 65534, 65534) == 0);
    check({gate.certificate, shared, authority.file()}, File::key, "may be read or written by others");
}

TEST_CASE("Authorities are looked into where they are needed") {
    check({gate.certificate, gate.key, "/nowhere"}, File::authorities, "cannot be read");
    CHECK_NOTHROW(Context::server({gate.certificate, gate.key, ""}, ClientCertificate::none));
    CHECK_NOTHROW(Context::client({"", "", authority.file()}, "gate.example"));
    CHECK_THROWS_AS(Context::client({"", "", gate.key}, "gate.example"), tls::Unusable);
}
