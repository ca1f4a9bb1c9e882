#include "gateway/tls/context.hpp"

#include <openssl/err.h>
#include <openssl/ssl.h>

#include <stdexcept>

#include "gateway/tls/error.hpp"

namespace portcullis::tls {

namespace {

constexpr auto tls_1_3 = "TLS_AES_256_GCM_SHA384:TLS_AES_128_GCM_SHA256:TLS_CHACHA20_POLY1305_SHA256";
// RFC 9325 4.2
constexpr auto tls_1_2 =
    "ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-RSA-AES256-GCM-SHA384:"
    "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256";
constexpr auto groups = "X25519:P-256:P-384:P-521";
constexpr int at_least_112_bits = 2;         // RSA keys of 2048 bits, no SHA-1
constexpr int deepest_chain = 10;            // certificates between the peer's and an authority's
constexpr std::size_t read_at_once = 65536;  // bytes: four records

/// What cannot fail but by a fault of the library.
void expect(bool done) {
    if (!done) throw std::runtime_error("OpenSSL cannot be set up: " + last_error().message());
}

SSL_CTX* make() {
    auto* made = SSL_CTX_new(TLS_method());
    expect(made != nullptr);
    return made;
}

}  // namespace

Context::Context(const Files& files, bool server, std::string name)
    : native_(make()), server_(server), name_(std::move(name)) {
    const std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)> until_ready(native_, SSL_CTX_free);
    SSL_CTX_set_security_level(native_, at_least_112_bits);
    expect(SSL_CTX_set_min_proto_version(native_, TLS1_2_VERSION) == 1);
    expect(SSL_CTX_set_max_proto_version(native_, TLS1_3_VERSION) == 1);
    expect(SSL_CTX_set_ciphersuites(native_, tls_1_3) == 1);
    expect(SSL_CTX_set_cipher_list(native_, tls_1_2) == 1);
    expect(SSL_CTX_set1_groups_list(native_, groups) == 1);
    SSL_CTX_set_options(native_, SSL_OP_NO_COMPRESSION | SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_TICKET |
                                     SSL_OP_CIPHER_SERVER_PREFERENCE);
    SSL_CTX_set_session_cache_mode(native_, SSL_SESS_CACHE_OFF);
    expect(SSL_CTX_set_num_tickets(native_, 0) == 1);
    SSL_CTX_set_mode(native_, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER |
                                  SSL_MODE_RELEASE_BUFFERS | SSL_MODE_NO_AUTO_CHAIN);
    SSL_CTX_set_read_ahead(native_, 1);
    SSL_CTX_set_default_read_buffer_len(native_, read_at_once);
    SSL_CTX_set_verify_depth(native_, deepest_chain);
    if (!files.certificate.empty()) present(files);
    if (!files.authorities.empty()) believe(files);
    SSL_CTX_up_ref(native_);
}

Context::~Context() {
    SSL_CTX_free(native_);
}

void Context::present(const Files& files) {
    const auto chain = read_certificates(files.certificate, File::certificate);
    check_validity(*chain.front());
    const auto key = read_key(files.key);
    if (X509_check_private_key(chain.front().get(), key.get()) != 1) {
        ERR_clear_error();
        throw Unusable(
            File::key, "does not belong to the certificate",
            "write the key that the certificate was made for, and that certificate first in its file");
    }
    ERR_clear_error();
    if (SSL_CTX_use_certificate(native_, chain.front().get()) != 1)
        throw Unusable(File::certificate, "cannot be used: " + last_error().message(),
                       "replace it; RSA takes 2048 bits, and SHA-1 is not enough");
    for (std::size_t i = 1; i < chain.size(); ++i) {
        if (SSL_CTX_add1_chain_cert(native_, chain[i].get()) != 1)
            throw Unusable(
                File::certificate,
                "certificate " + std::to_string(i + 1) + " cannot be used: " + last_error().message(),
                "replace it; RSA takes 2048 bits, and SHA-1 is not enough");
    }
    if (SSL_CTX_use_PrivateKey(native_, key.get()) != 1)
        throw Unusable(File::key, "cannot be used: " + last_error().message(), "replace it");
}

void Context::believe(const Files& files) {
    auto* store = SSL_CTX_get_cert_store(native_);
    for (const auto& authority : read_certificates(files.authorities, File::authorities)) {
        expect(X509_STORE_add_cert(store, authority.get()) == 1);
        // Tells a client which of its certificates to show.
        if (server_) expect(SSL_CTX_add_client_CA(native_, authority.get()) == 1);
    }
    // Whoever is named is believed, also where it is not the root.
    expect(X509_STORE_set_flags(store, X509_V_FLAG_PARTIAL_CHAIN) == 1);
    SSL_CTX_set_verify(native_, SSL_VERIFY_PEER, nullptr);
}

std::shared_ptr<const Context> Context::server(const Files& files, ClientCertificate client) {
    const Files used{files.certificate, files.key,
                     client == ClientCertificate::none ? std::string() : files.authorities};
    const std::shared_ptr<const Context> made(new Context(used, true, {}));
    if (client == ClientCertificate::required)
        SSL_CTX_set_verify(made->native_, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, nullptr);
    return made;
}

std::shared_ptr<const Context> Context::client(const Files& files, std::string name) {
    return std::shared_ptr<const Context>(new Context(files, false, std::move(name)));
}

}  // namespace portcullis::tls
