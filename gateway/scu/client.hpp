#pragma once
// An archive, asked one thing at a time from a thread that waits for the answers: for commands.

#include <boost/asio/io_context.hpp>
#include <memory>
#include <stdexcept>

#include "gateway/scu/destination.hpp"
#include "gateway/scu/request.hpp"
#include "gateway/scu/store.hpp"

namespace portcullis::scu {

/// The archive did not answer as it should: who, and why, in one line.
class Failed : public std::runtime_error {
    using std::runtime_error::runtime_error;
};

enum class Way { move, get };

class Client {
  public:
    /// `patience` bounds each message of the archive, and `limit` each question in all. Settings and archive
    /// must outlive it. Throws SettingsError if a certificate cannot be used.
    Client(const Settings&, const Archive&, net::Clock::duration patience, net::Clock::duration limit);
    Client(const Client&) = delete;
    ~Client();

    std::string where() const { return call_.where(); }
    /// Listens where the archive expects the gateway, for C-MOVE. Empty, or why it cannot be done.
    std::string listen();
    /// "PORTCULLIS at 10.0.0.1:11113": the destination of C-MOVE, once we listen.
    std::string destination() const;

    // These throw Failed.
    /// One answer for each object; where the archive breaks off, those until then.
    void store(const std::vector<Object>&, std::vector<StoreAnswer>& answers);
    Answer find(const Keys&, const OnMatch&);
    /// What comes goes to the receiver. C-MOVE needs that we listen; C-GET that the classes are known.
    Answer retrieve(Way, const Keys&, Receiver&, const std::vector<Uid>& sop_classes);

  private:
    template <class T>
    T run(net::Awaitable<Result<T>> question);
    void end_of_receiving();

    const Settings& settings_;
    const Archive& archive_;
    const TlsContexts tls_;
    Call call_;
    const net::Clock::duration limit_;
    boost::asio::io_context io_;
    Open open_;
    ul::AssociateRj rejection_{};
    std::string listening_;
    std::unique_ptr<Destination> destination_;
};

}  // namespace portcullis::scu
