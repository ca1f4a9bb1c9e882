#include "gateway/tls/files.hpp"

#include <fcntl.h>
#include <openssl/bio.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

namespace portcullis::tls {

namespace {

constexpr off_t longest = 1 << 20;  // bytes; all the authorities of the web take 200 KiB

/// The content of a file; wiped when it goes, since it may be a key.
class Content {
  public:
    Content(const std::string& path, File which) {
        // O_NONBLOCK: a FIFO must not make us wait.
        const int descriptor = ::open(path.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC);
        if (descriptor < 0) fail(which);
        const auto read = [&] {
            if (::fstat(descriptor, &status_) != 0 || !S_ISREG(status_.st_mode) || status_.st_size > longest)
                return false;
            bytes_.resize(static_cast<std::size_t>(status_.st_size));
            const auto count = ::read(descriptor, bytes_.data(), bytes_.size());
            return count == static_cast<ssize_t>(bytes_.size());
        }();
        ::close(descriptor);
        if (!read) throw Unusable(which, "is no file that can be read whole", "write the path of a PEM file");
    }
    Content(const Content&) = delete;
    ~Content() { OPENSSL_cleanse(bytes_.data(), bytes_.size()); }

    const struct stat& status() const { return status_; }
    std::unique_ptr<BIO, decltype(&BIO_free_all)> reader() const {
        return {BIO_new_mem_buf(bytes_.data(), static_cast<int>(bytes_.size())), BIO_free_all};
    }

  private:
    [[noreturn]] static void fail(File which) {
        throw Unusable(which, "cannot be read: " + std::generic_category().message(errno),
                       "check the path and its permissions");
    }

    struct stat status_ {};
    std::string bytes_;
};

void check_private(const struct stat& status) {
    const auto user = ::geteuid();
    if (user != 0 && status.st_uid != user && status.st_uid != 0)
        throw Unusable(File::key, "belongs to another user", "chown it to the user who runs the gateway");
    const mode_t allowed = status.st_uid == 0 ? 0640 : 0600;
    if ((status.st_mode & 0077 & ~allowed) != 0)
        throw Unusable(File::key, "may be read or written by others",
                       "chmod 0600 it, and replace the key if others could have read it");
}

int no_passphrase(char*, int, int, void* asked) {
    *static_cast<bool*>(asked) = true;
    return -1;
}

std::string date(const ASN1_TIME* time) {
    const std::unique_ptr<BIO, decltype(&BIO_free_all)> text(BIO_new(BIO_s_mem()), BIO_free_all);
    ASN1_TIME_print(text.get(), time);
    char* bytes = nullptr;
    const auto size = BIO_get_mem_data(text.get(), &bytes);
    return {bytes, static_cast<std::size_t>(size)};
}

}  // namespace

void Freed::operator()(x509_st* certificate) const {
    X509_free(certificate);
}

void Freed::operator()(evp_pkey_st* key) const {
    EVP_PKEY_free(key);
}

std::vector<X509Pointer> read_certificates(const std::string& path, File which) {
    const Content content(path, which);
    const auto reader = content.reader();
    std::vector<X509Pointer> all;
    ERR_clear_error();
    while (auto* one = PEM_read_bio_X509(reader.get(), nullptr, nullptr, nullptr)) all.emplace_back(one);
    const auto error = ERR_peek_last_error();
    ERR_clear_error();
    if (all.empty() && ERR_GET_REASON(error) == PEM_R_NO_START_LINE)
        throw Unusable(which, "holds no certificate", "write the path of a PEM file");
    if (ERR_GET_REASON(error) != PEM_R_NO_START_LINE)
        throw Unusable(which, "certificate " + std::to_string(all.size() + 1) + " in it cannot be read",
                       "replace the file; it must be PEM");
    return all;
}

KeyPointer read_key(const std::string& path) {
    const Content content(path, File::key);
    check_private(content.status());
    const auto reader = content.reader();
    bool encrypted = false;
    KeyPointer key(PEM_read_bio_PrivateKey(reader.get(), nullptr, no_passphrase, &encrypted));
    ERR_clear_error();
    if (encrypted)
        throw Unusable(File::key, "has a passphrase, which nobody can type when the gateway starts",
                       "write it without one: openssl pkey -in KEY -out NEW");
    if (!key) throw Unusable(File::key, "holds no private key", "write the path of a PEM file");
    return key;
}

void check_validity(x509_st& certificate) {
    const auto* begin = X509_get0_notBefore(&certificate);
    const auto* end = X509_get0_notAfter(&certificate);
    if (X509_cmp_current_time(end) < 0)
        throw Unusable(File::certificate, "expired on " + date(end), "replace it");
    if (X509_cmp_current_time(begin) > 0)
        throw Unusable(File::certificate, "is not valid before " + date(begin),
                       "replace it, or correct the clock");
}

}  // namespace portcullis::tls
