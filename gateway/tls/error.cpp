#include "gateway/tls/error.hpp"

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509_vfy.h>

namespace portcullis::tls {

namespace {

// OpenSSL's own codes begin at 2^23 (the library is in the upper bits); below them is room for ours.
constexpr int closed_value = 1;
constexpr int verification = 1000;  // and the reason
constexpr int openssl = 1 << 23;

class Category final : public boost::system::error_category {
  public:
    const char* name() const noexcept override { return "portcullis.tls"; }
    std::string message(int value) const override {
        if (value == closed_value) return "the peer closed the connection";
        if (value < openssl)
            return std::string("TLS: the certificate of the peer is not accepted: ") +
                   X509_verify_cert_error_string(value - verification);
        const auto code = static_cast<unsigned long>(value);
        const int reason = ERR_GET_REASON(code);
        if (reason == SSL_R_WRONG_VERSION_NUMBER || reason == SSL_R_HTTP_REQUEST)
            return "TLS: what the peer sends is not TLS";
        const char* words = ERR_reason_error_string(code);
        return "TLS: " + (words ? std::string(words) : "error " + std::to_string(value));
    }
};

const Category& category() {
    static const Category one;
    return one;
}

}  // namespace

ErrorCode closed() {
    return {closed_value, category()};
}

ErrorCode last_error() {
    const auto code = ERR_peek_last_error();
    if (code == 0 || ERR_SYSTEM_ERROR(code) || ERR_GET_REASON(code) == SSL_R_UNEXPECTED_EOF_WHILE_READING)
        return closed();
    return {static_cast<int>(code), category()};
}

ErrorCode not_verified(long reason) {
    return {verification + static_cast<int>(reason), category()};
}

bool is_failure(const ErrorCode& error) {
    return is_tls(error) && error.value() != closed_value;
}

bool is_tls(const ErrorCode& error) {
    return error.category() == category();
}

}  // namespace portcullis::tls
