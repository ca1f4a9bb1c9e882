#pragma once
// One TLS connection over a transport that never waits: each step does what can be done now, and says what it
// waits for. For one thread.

#include <cstddef>
#include <memory>

#include "gateway/base/bytes.hpp"
#include "gateway/base/certificate.hpp"
#include "gateway/base/error.hpp"
#include "gateway/tls/context.hpp"

struct ssl_st;

namespace portcullis::tls {

/// Bytes taken or given, at least one; what cannot be done now is
/// boost::system::errc::resource_unavailable_try_again, and any other error the end.
class Transport {
  public:
    virtual ~Transport() = default;
    virtual Result<std::size_t> receive(MutableByteView into) = 0;
    virtual Result<std::size_t> send(ByteView bytes) = 0;
};

class Session {
  public:
    enum class Wait { nothing, readable, writable };
    /// `wait` other than nothing: the same is to be asked again when the transport is so.
    struct Step {
        std::size_t bytes = 0;
        Wait wait = Wait::nothing;
        ErrorCode error{};  // tls::closed(), or a failure of TLS
    };

    /// The transport outlives it.
    Session(std::shared_ptr<const Context> context, Transport& transport);
    ~Session();
    Session(const Session&) = delete;

    Step handshake();
    Step read(MutableByteView into);
    Step write(ByteView bytes);
    /// Says that nothing more will be sent, if that can be said now.
    void end();
    /// Nothing has come that was not read, and the peer has not ended.
    bool is_quiet();
    /// Who the peer is, once the handshake is done; nullptr: it showed no certificate.
    const std::shared_ptr<const Certificate>& peer() const { return peer_; }

  private:
    Step outcome(int result, std::size_t bytes);

    std::shared_ptr<const Context> context_;
    ssl_st* native_;
    std::shared_ptr<const Certificate> peer_;
    bool established_ = false;
    bool over_ = false;  // it failed, or we said that it ends
};

}  // namespace portcullis::tls
