#pragma once
// An object that is to be sealed, as long as it may have been sealed before: one that comes back from a
// viewer's archive, from another gateway, or a second time from the same scanner. It is held until the place
// of the mark has passed. If there is no mark, and no envelope is registered under its UID, it may go on as
// it comes; if not, it is received whole, and judged.
//
// Judging verifies, it opens nothing for whoever sent it: what it decrypts in memory goes nowhere.

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "gateway/image/open.hpp"
#include "gateway/image/spool.hpp"
#include "gateway/service/services.hpp"

namespace portcullis::service {

/// Why an object is not stored.
struct NotStored {
    std::uint16_t status;
    std::string reason;  // a word for metrics and the audit
    std::string detail;  // no patient data
    bool alert = false;  // someone may have tampered
};

/// Of an error of image::.
NotStored not_stored(ErrorCode, const std::string& detail);
/// What the data set names, as far as it has come, is not what the command named.
std::optional<NotStored> wrong_instance(const image::Identifiers& data_set, const Uid& command);

/// An object that a gateway whose signature is trusted has sealed, and that verified to its last unit.
struct SealedAlready {
    image::Opened opened;
    Bytes envelope;
    bool registered;                               // its envelope, under its UID
    std::optional<std::uint64_t> current_time_ms;  // of this archive's row, if it is the current one
};

class Intake {
  public:
    /// Bytes to take at once while little is known: the rest of a header, and not much of the pixels.
    static constexpr std::size_t at_once = 16 * 1024;
    static constexpr std::size_t in_memory = 1024 * 1024;  // what is held beyond this is spooled

    /// `archive`: where it goes, by the name in the configuration.
    Intake(Services&, std::string archive, codec::ObjectIdentity, const Uid& sop_instance,
           const image::TransferSyntax&);

    /// The next bytes of the data set. What is wrong shows in failure().
    void take(ByteView);
    /// The data set is complete.
    void finish();
    /// It was not sealed before, as far as can be told without its end: what is held, and all that follows,
    /// may be sealed as it comes.
    bool may_stream() const { return !failure_ && envelopes_.empty() && reader_->marked() == false; }
    /// Of an object that is complete. Afterwards sealed_already() says what it is; what is held is whole.
    net::Awaitable<void> judge();

    const std::optional<NotStored>& failure() const { return failure_; }
    /// Nothing: it is to be sealed.
    const std::optional<SealedAlready>& sealed_already() const { return sealed_already_; }
    const image::Identifiers& identifiers() const { return reader_->identifiers(); }
    const std::string& failure_detail() const { return reader_->failure_detail(); }
    image::Spool& held() { return held_; }

  private:
    void look_up(const Uid& sop_instance);
    std::vector<Bytes> candidates() const;
    void conclude(image::Opener&, Result<image::Opened>, const std::vector<Bytes>& candidates);
    bool names_registered() const;

    Services& services_;
    const std::string archive_;
    codec::ObjectIdentity identity_;
    image::TransferSyntax transfer_syntax_;
    std::vector<registry::Row> rows_;  // with envelopes, the current one first
    std::vector<Bytes> envelopes_;     // of the rows, each once
    std::unique_ptr<image::Reader> reader_;
    image::Spool held_;
    std::optional<NotStored> failure_;
    std::optional<SealedAlready> sealed_already_;
};

}  // namespace portcullis::service
