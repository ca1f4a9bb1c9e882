#pragma once
// Who a certificate says that its owner is, and what the configuration demands of it. Plain text: the chain
// was verified where the certificate came from.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/base/address.hpp"

namespace portcullis {

struct Certificate {
    std::string subject;               // as RFC 2253 writes it: CN=tab1,OU=Wards,O=St Elsewhere
    std::vector<std::string> names;    // the DNS names of its subject alternative names, in lower case
    std::vector<IpAddress> addresses;  // the IP addresses of these
    std::string fingerprint;           // SHA-256 of the certificate, 64 digits in lower case
};

/// A subject alternative name: a host name, an IP address, or "*.wards.example". The asterisk is exactly one
/// label, and the first.
class AlternativeName {
  public:
    static std::optional<AlternativeName> parse(std::string_view text);
    bool names(const Certificate&) const;
    std::string str() const;
    bool operator==(const AlternativeName&) const = default;

  private:
    std::optional<IpAddress> address_;
    std::string host_;       // in lower case
    bool wildcard_ = false;  // any label, then `host_`, which begins with a dot
};

/// What is given must hold, all of it.
struct CertificateCondition {
    std::optional<AlternativeName> san;
    std::optional<std::string> subject;
    std::optional<std::string> fingerprint;

    bool holds(const Certificate&) const;
    bool operator==(const CertificateCondition&) const = default;
};

/// Whether there is a certificate (nullptr: none) for which one of them holds.
bool any_holds(const std::vector<CertificateCondition>&, const Certificate*);

}  // namespace portcullis
