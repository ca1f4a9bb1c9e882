#pragma once
// What one side brings to its TLS connections: certificate and key, and whom it believes. By BCP 195 (RFC
// 8996 and RFC 9325; DICOM PS3.15 B.10 and B.12): TLS 1.3 and 1.2, in 1.2 nothing but ephemeral keys with
// AES-GCM; no older version, no renegotiation, no compression. Sessions are not resumed: a certificate that
// is no longer accepted ends with its connection.

#include <memory>
#include <string>

#include "gateway/tls/files.hpp"

struct ssl_ctx_st;

namespace portcullis::tls {

enum class ClientCertificate { required, optional, none };

/// Paths; empty where there is none.
struct Files {
    std::string certificate;  // ours, and the chain up to what peers believe
    std::string key;
    std::string authorities;  // whom we believe
};

class Context {
  public:
    // These throw Unusable.

    /// For who is called. Certificate and key, and authorities unless no client certificate is asked for.
    static std::shared_ptr<const Context> server(const Files&, ClientCertificate);
    /// For who calls. Authorities; certificate and key if it has them. The peer's certificate must be for
    /// `name`, a host name or an address.
    static std::shared_ptr<const Context> client(const Files&, std::string name);

    ~Context();
    Context(const Context&) = delete;

    ssl_ctx_st* native() const { return native_; }
    bool is_server() const { return server_; }
    const std::string& name() const { return name_; }

  private:
    Context(const Files&, bool server, std::string name);
    void present(const Files&);
    void believe(const Files&);

    ssl_ctx_st* native_;
    bool server_;
    std::string name_;
};

}  // namespace portcullis::tls
