#pragma once
// A C-MOVE or C-GET in flight: who asked for what, where it may go, and what the gateway itself withheld. Or
// a push: what an archive sends that nobody asked for, where the archive is the one who asks.

#include <atomic>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "gateway/base/names.hpp"
#include "gateway/image/query.hpp"
#include "gateway/service/judged.hpp"
#include "gateway/settings.hpp"

namespace portcullis::service {

/// Made by the viewer's session, read by the archive's: everything but the list of the refused is fixed.
class Retrieval {
  public:
    struct Request {
        const Archive* archive;
        AeTitle viewer;  // the calling AE title of the request, or of the archive that pushes
        IpAddress viewer_address;
        MessageId viewer_message;                 // as the viewer numbered it; of no meaning for a push
        image::RetrieveScope scope;               // not looked at for a push
        Judged judged;                            // what policy says of it, and of its objects
        std::string peer;                         // name of the peer that receives
        AeTitle destination;                      // of the peer that receives
        std::optional<Endpoint> endpoint;         // nothing: on the viewer's own association (C-GET)
        std::shared_ptr<const tls::Context> tls;  // of the endpoint; nullptr: plain TCP
        bool pass_unregistered = false;           // as the configuration said that granted it
        std::optional<std::string> user = {};     // of the viewer, whom the archive has confirmed
        policy::Operation operation = policy::Operation::retrieve;  // or push

        /// Name of the peer that asks; of a push the archive's.
        const std::string& from() const { return judged.judgement().from; }
    };

    Retrieval(Request request, MessageId upstream, AeTitle gateway_title)
        : request_(std::move(request)), upstream_(upstream), gateway_title_(std::move(gateway_title)) {}

    const Request& request() const { return request_; }
    bool is_push() const { return request_.operation == policy::Operation::push; }
    /// Whether an object with these identifiers may belong to it.
    bool covers(const image::Identifiers& object) const { return is_push() || request_.scope.covers(object); }
    /// As the gateway numbered it towards the archive.
    MessageId upstream() const { return upstream_; }
    /// The title under which the archive delivers.
    const AeTitle& gateway_title() const { return gateway_title_; }

    /// An object that the archive delivered and the gateway withheld; `counted_as_warning` if the archive was
    /// told so.
    void withhold(const Uid& sop_instance, bool counted_as_warning);
    struct Withheld {
        std::vector<Uid> instances;
        std::uint16_t counted_as_warning = 0;
    };
    Withheld withheld() const;
    std::uint16_t counted_as_warning() const;
    void delivered(const Uid& sop_instance);
    std::vector<Uid> delivered() const;

    /// The archive has given its last response, or the viewer has gone.
    void end() { ended_ = true; }
    bool ended() const { return ended_; }

  private:
    Request request_;
    MessageId upstream_;
    AeTitle gateway_title_;
    mutable std::mutex mutex_;
    Withheld withheld_;
    std::vector<Uid> delivered_;
    std::atomic<bool> ended_ = false;
};

/// The C-MOVEs in flight at one archive. Thread-safe.
class Moves {
  public:
    /// Of the archive's pool of titles for the gateway, the one with the fewest moves in flight.
    std::shared_ptr<Retrieval> begin(Retrieval::Request request, MessageId upstream);
    void end(Retrieval& retrieval);

    /// The moves that what the archive delivers may belong to: under this title and, where the archive names
    /// it, with this Move Originator Message ID (PS3.7 9.1.1.1.7). The caller narrows them down by what the
    /// object says it is.
    std::vector<std::shared_ptr<Retrieval>> candidates(const AeTitle& called,
                                                       std::optional<MessageId> originator) const;
    /// The studies that moves under this title ask for; empty if one of them does not name any.
    std::vector<Uid> studies(const AeTitle& called) const;

  private:
    mutable std::mutex mutex_;
    std::map<MessageId, std::shared_ptr<Retrieval>> in_flight_;
};

}  // namespace portcullis::service
