#include "gateway/tls/identity.hpp"

#include <arpa/inet.h>
#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <array>
#include <memory>

#include "gateway/base/hex.hpp"

namespace portcullis::tls {

namespace {

std::string subject_of(x509_st& certificate) {
    const std::unique_ptr<BIO, decltype(&BIO_free_all)> text(BIO_new(BIO_s_mem()), BIO_free_all);
    X509_NAME_print_ex(text.get(), X509_get_subject_name(&certificate), 0, XN_FLAG_RFC2253);
    char* bytes = nullptr;
    const auto size = BIO_get_mem_data(text.get(), &bytes);
    return {bytes, static_cast<std::size_t>(size)};
}

/// In lower case, or nothing if it holds what no host name does: a NUL, for one.
std::optional<std::string> host_name(const ASN1_STRING& text) {
    std::string name(reinterpret_cast<const char*>(ASN1_STRING_get0_data(&text)),
                     static_cast<std::size_t>(ASN1_STRING_length(&text)));
    for (char& c : name) {
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
        const bool fits =
            (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.';
        if (!fits) return std::nullopt;
    }
    return name;
}

std::optional<IpAddress> address(const ASN1_STRING& bytes) {
    const auto size = ASN1_STRING_length(&bytes);
    if (size != 4 && size != 16) return std::nullopt;
    std::array<char, INET6_ADDRSTRLEN> text{};
    if (!inet_ntop(size == 4 ? AF_INET : AF_INET6, ASN1_STRING_get0_data(&bytes), text.data(), text.size()))
        return std::nullopt;
    return IpAddress::parse(text.data());
}

std::string fingerprint_of(x509_st& certificate) {
    std::array<std::uint8_t, 32> digest{};
    unsigned size = digest.size();
    return X509_digest(&certificate, EVP_sha256(), digest.data(), &size) == 1 ? portcullis::hex(digest) : "";
}

}  // namespace

Certificate identity_of(x509_st& certificate) {
    Certificate made{subject_of(certificate), {}, {}, fingerprint_of(certificate)};
    const std::unique_ptr<GENERAL_NAMES, decltype(&GENERAL_NAMES_free)> alternatives(
        static_cast<GENERAL_NAMES*>(X509_get_ext_d2i(&certificate, NID_subject_alt_name, nullptr, nullptr)),
        GENERAL_NAMES_free);
    if (!alternatives) return made;
    for (int i = 0; i < sk_GENERAL_NAME_num(alternatives.get()); ++i) {
        const auto* one = sk_GENERAL_NAME_value(alternatives.get(), i);
        if (one->type == GEN_DNS) {
            if (auto name = host_name(*one->d.dNSName)) made.names.push_back(std::move(*name));
        } else if (one->type == GEN_IPADD) {
            if (const auto ip = address(*one->d.iPAddress)) made.addresses.push_back(*ip);
        }
    }
    return made;
}

}  // namespace portcullis::tls
