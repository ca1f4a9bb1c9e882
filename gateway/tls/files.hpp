#pragma once
// Certificates and keys in files, in PEM form.

#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

struct x509_st;
struct evp_pkey_st;

namespace portcullis::tls {

enum class File { certificate, key, authorities };

/// A file that cannot be used: what is wrong with it, what to do.
class Unusable : public std::runtime_error {
  public:
    Unusable(File which, const std::string& what, std::string what_to_do)
        : std::runtime_error(what), file(which), remedy(std::move(what_to_do)) {}
    File file;
    std::string remedy;
};

struct Freed {
    void operator()(x509_st*) const;
    void operator()(evp_pkey_st*) const;
};
using X509Pointer = std::unique_ptr<x509_st, Freed>;
using KeyPointer = std::unique_ptr<evp_pkey_st, Freed>;

// These throw Unusable.

/// All certificates of a file, at least one, in its order.
std::vector<X509Pointer> read_certificates(const std::string& path, File which);
/// A key without a passphrase, in a file that nobody else can read: its owner is us or root, and nobody but
/// the owner may read it; of root's also a group (Debian's ssl-cert, systemd's credentials).
KeyPointer read_key(const std::string& path);
/// It is valid today.
void check_validity(x509_st& certificate);

}  // namespace portcullis::tls
