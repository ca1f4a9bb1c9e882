#pragma once
// Authorities and certificates for a test, made in a folder of its own that goes with it.

#include <filesystem>
#include <memory>
#include <string>

struct x509_st;
struct evp_pkey_st;

namespace portcullis::test {

class CertificateFolder {
  public:
    CertificateFolder();
    ~CertificateFolder() { std::filesystem::remove_all(path_); }
    CertificateFolder(const CertificateFolder&) = delete;
    const std::filesystem::path& path() const { return path_; }

  private:
    std::filesystem::path path_;
};

struct Issued {
    std::string certificate;  // path
    std::string key;          // path, mode 0600
};

struct Wanted {
    std::string alternative_names =
        "DNS:gate.example,IP:127.0.0.1";  // as OpenSSL's configuration writes them
    int begins = -1;                      // days from now
    int ends = 30;
    int rsa_bits = 0;  // 0: a key on P-256
    std::string passphrase{};
};

class Authority {
  public:
    Authority(const CertificateFolder& folder, const std::string& name);
    ~Authority();
    /// Its own certificate.
    const std::string& file() const { return file_; }
    /// A certificate for CN=NAME,O=Test, in NAME.pem and NAME.key.
    Issued issue(const std::string& name, const Wanted& wanted = {}) const;

  private:
    std::filesystem::path folder_;
    std::string file_;
    evp_pkey_st* key_;
    x509_st* certificate_;
};

}  // namespace portcullis::test
