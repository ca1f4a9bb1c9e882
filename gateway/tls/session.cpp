#include "gateway/tls/session.hpp"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <stdexcept>

#include "gateway/tls/error.hpp"
#include "gateway/tls/identity.hpp"

namespace portcullis::tls {

namespace {

// OpenSSL's own BIO of a socket would raise SIGPIPE, and a buffer between would copy.

bool would_wait(const ErrorCode& error) {
    return error == boost::system::errc::resource_unavailable_try_again;
}

int receive(BIO* bio, char* into, int size) {
    BIO_clear_retry_flags(bio);
    auto& transport = *static_cast<Transport*>(BIO_get_data(bio));
    const auto count =
        transport.receive({reinterpret_cast<std::uint8_t*>(into), static_cast<std::size_t>(size)});
    if (count) return static_cast<int>(*count);
    if (would_wait(count.error())) BIO_set_retry_read(bio);
    return -1;
}

int send(BIO* bio, const char* bytes, int size) {
    BIO_clear_retry_flags(bio);
    auto& transport = *static_cast<Transport*>(BIO_get_data(bio));
    const auto count =
        transport.send({reinterpret_cast<const std::uint8_t*>(bytes), static_cast<std::size_t>(size)});
    if (count) return static_cast<int>(*count);
    if (would_wait(count.error())) BIO_set_retry_write(bio);
    return -1;
}

long control(BIO*, int command, long, void*) {
    return command == BIO_CTRL_FLUSH ? 1 : 0;
}

BIO_METHOD* make_method() {
    auto* method = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "portcullis transport");
    if (!method) throw std::bad_alloc();
    BIO_meth_set_read(method, receive);
    BIO_meth_set_write(method, send);
    BIO_meth_set_ctrl(method, control);
    return method;
}

BIO* make_bio(Transport& transport) {
    static BIO_METHOD* const method = make_method();
    auto* bio = BIO_new(method);
    if (!bio) throw std::bad_alloc();
    BIO_set_data(bio, &transport);
    BIO_set_init(bio, 1);
    return bio;
}

/// Whom we believe that we call: its certificate must say so.
void expect_peer(SSL* ssl, const std::string& name) {
    auto* parameters = SSL_get0_param(ssl);
    X509_VERIFY_PARAM_set_hostflags(parameters, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
    const bool is_address = IpAddress::parse(name).has_value();
    const bool set = is_address ? X509_VERIFY_PARAM_set1_ip_asc(parameters, name.c_str()) == 1
                                : X509_VERIFY_PARAM_set1_host(parameters, name.c_str(), name.size()) == 1 &&
                                      SSL_set_tlsext_host_name(ssl, name.c_str()) == 1;
    if (!set) throw std::runtime_error("no certificate can be for " + name);
}

}  // namespace

Session::Session(std::shared_ptr<const Context> context, Transport& transport)
    : context_(std::move(context)), native_(SSL_new(context_->native())) {
    if (!native_) throw std::bad_alloc();
    const std::unique_ptr<SSL, decltype(&SSL_free)> until_ready(native_, SSL_free);
    auto* bio = make_bio(transport);
    SSL_set_bio(native_, bio, bio);
    if (context_->is_server()) {
        SSL_set_accept_state(native_);
    } else {
        SSL_set_connect_state(native_);
        expect_peer(native_, context_->name());
    }
    SSL_up_ref(native_);
}

Session::~Session() {
    SSL_free(native_);
}

Session::Step Session::outcome(int result, std::size_t bytes) {
    if (result == 1) return {bytes};
    switch (SSL_get_error(native_, result)) {
        case SSL_ERROR_WANT_READ:
            return {0, Wait::readable};
        case SSL_ERROR_WANT_WRITE:
            return {0, Wait::writable};
        case SSL_ERROR_SSL: {
            over_ = true;
            const auto error = last_error();
            const bool refused = ERR_GET_REASON(ERR_peek_last_error()) == SSL_R_CERTIFICATE_VERIFY_FAILED;
            return {0, Wait::nothing, refused ? not_verified(SSL_get_verify_result(native_)) : error};
        }
        case SSL_ERROR_ZERO_RETURN:
            return {0, Wait::nothing, closed()};
        default:
            over_ = true;
            return {0, Wait::nothing, closed()};
    }
}

Session::Step Session::handshake() {
    ERR_clear_error();
    const auto step = outcome(SSL_do_handshake(native_), 0);
    if (step.error || step.wait != Wait::nothing) return step;
    established_ = true;
    if (auto* certificate = SSL_get0_peer_certificate(native_))
        peer_ = std::make_shared<const Certificate>(identity_of(*certificate));
    return step;
}

Session::Step Session::read(MutableByteView into) {
    ERR_clear_error();
    std::size_t count = 0;
    const int result = SSL_read_ex(native_, into.data(), into.size(), &count);
    return outcome(result, count);
}

Session::Step Session::write(ByteView bytes) {
    ERR_clear_error();
    std::size_t count = 0;
    const int result = SSL_write_ex(native_, bytes.data(), bytes.size(), &count);
    return outcome(result, count);
}

void Session::end() {
    if (over_ || !established_) return;
    over_ = true;
    ERR_clear_error();
    SSL_shutdown(native_);
}

bool Session::is_quiet() {
    if (over_) return false;
    std::uint8_t byte = 0;
    std::size_t count = 0;
    ERR_clear_error();
    return outcome(SSL_peek_ex(native_, &byte, 1, &count), count).wait != Wait::nothing;
}

}  // namespace portcullis::tls
