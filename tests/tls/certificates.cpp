#include "tests/tls/certificates.hpp"

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <cstdio>
#include <stdexcept>

namespace portcullis::test {

namespace {

constexpr long day = 24L * 60 * 60;

void expect(bool done) {
    if (!done) throw std::runtime_error("a certificate for the test cannot be made");
}

X509* make(const std::string& name, EVP_PKEY* key, int begins, int ends) {
    static std::atomic<long> serial = 1;
    X509* made = X509_new();
    expect(made && X509_set_version(made, 2) == 1);
    ASN1_INTEGER_set(X509_get_serialNumber(made), serial++);
    X509_gmtime_adj(X509_getm_notBefore(made), begins * day);
    X509_gmtime_adj(X509_getm_notAfter(made), ends * day);
    X509_set_pubkey(made, key);
    auto* subject = X509_get_subject_name(made);
    const auto add = [&](const char* field, const std::string& text) {
        expect(X509_NAME_add_entry_by_txt(subject, field, MBSTRING_UTF8,
                                          reinterpret_cast<const unsigned char*>(text.c_str()), -1, -1,
                                          0) == 1);
    };
    add("O", "Test");
    add("CN", name);
    return made;
}

void extend(X509* certificate, X509* issuer, int what, const std::string& value) {
    X509V3_CTX context;
    X509V3_set_ctx_nodb(&context);
    X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
    auto* extension = X509V3_EXT_conf_nid(nullptr, &context, what, value.c_str());
    expect(extension != nullptr);
    X509_add_ext(certificate, extension, -1);
    X509_EXTENSION_free(extension);
}

template <class Write>
std::string write(const std::filesystem::path& path, Write content) {
    std::FILE* file = std::fopen(path.c_str(), "w");
    expect(file && ::chmod(path.c_str(), 0600) == 0 && content(file) == 1);
    std::fclose(file);
    return path.string();
}

}  // namespace

CertificateFolder::CertificateFolder() {
    std::string name = (std::filesystem::temp_directory_path() / "portcullis-tls-XXXXXX").string();
    expect(::mkdtemp(name.data()) != nullptr);
    path_ = name;
}

Authority::Authority(const CertificateFolder& folder, const std::string& name)
    : folder_(folder.path()), key_(EVP_EC_gen("P-256")), certificate_(make(name, key_, -365, 365)) {
    X509_set_issuer_name(certificate_, X509_get_subject_name(certificate_));
    extend(certificate_, certificate_, NID_basic_constraints, "critical,CA:TRUE");
    extend(certificate_, certificate_, NID_key_usage, "critical,keyCertSign");
    expect(X509_sign(certificate_, key_, EVP_sha256()) > 0);
    file_ =
        write(folder_ / (name + ".pem"), [&](std::FILE* file) { return PEM_write_X509(file, certificate_); });
}

Authority::~Authority() {
    X509_free(certificate_);
    EVP_PKEY_free(key_);
}

Issued Authority::issue(const std::string& name, const Wanted& wanted) const {
    EVP_PKEY* key =
        wanted.rsa_bits ? EVP_RSA_gen(static_cast<unsigned>(wanted.rsa_bits)) : EVP_EC_gen("P-256");
    expect(key != nullptr);
    X509* certificate = make(name, key, wanted.begins, wanted.ends);
    X509_set_issuer_name(certificate, X509_get_subject_name(certificate_));
    if (!wanted.alternative_names.empty())
        extend(certificate, certificate_, NID_subject_alt_name, wanted.alternative_names);
    expect(X509_sign(certificate, key_, EVP_sha256()) > 0);
    Issued issued;
    issued.certificate =
        write(folder_ / (name + ".pem"), [&](std::FILE* file) { return PEM_write_X509(file, certificate); });
    issued.key = write(folder_ / (name + ".key"), [&](std::FILE* file) {
        const auto* cipher = wanted.passphrase.empty() ? nullptr : EVP_aes_256_cbc();
        return PEM_write_PrivateKey(file, key, cipher, nullptr, 0, nullptr,
                                    const_cast<char*>(wanted.passphrase.c_str()));
    });
    X509_free(certificate);
    EVP_PKEY_free(key);
    return issued;
}

}  // namespace portcullis::test
