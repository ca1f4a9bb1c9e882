#include "gateway/service/intake.hpp"

#include <algorithm>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "gateway/base/hex.hpp"
#include "gateway/base/nowhere.hpp"
#include "gateway/dimse/status.hpp"
#include "gateway/image/error.hpp"

namespace portcullis::service {

namespace {

namespace status = dimse::status;

/// Empty if it is none.
std::string id_of(const Bytes* envelope) {
    if (!envelope) return {};
    const auto id = codec::envelope_id(*envelope);
    return id ? portcullis::hex(*id) : std::string();
}

}  // namespace

NotStored not_stored(ErrorCode error, const std::string& detail) {
    const bool ours = error == image::errc::sealing_failed;  // and may be over when it is sent again
    return {ours ? status::out_of_resources : status::cannot_understand, error.message(), detail};
}

/// The archive would file it under a UID for which there is no envelope.
std::optional<NotStored> wrong_instance(const image::Identifiers& data_set, const Uid& command) {
    const auto& named = data_set.sop_instance;
    if (!named || *named == command) return std::nullopt;
    return NotStored{status::data_set_mismatch, "wrong instance",
                     "command and data set name different SOP Instance UIDs"};
}

Intake::Intake(Services& services, std::string archive, codec::ObjectIdentity identity,
               const Uid& sop_instance, const image::TransferSyntax& transfer_syntax)
    : services_(services),
      archive_(std::move(archive)),
      identity_(std::move(identity)),
      transfer_syntax_(transfer_syntax),
      reader_(image::make_reader(transfer_syntax)),
      held_(services.settings.journal, in_memory) {
    look_up(sop_instance);
}

/// What cannot be looked up cannot be judged.
void Intake::look_up(const Uid& sop_instance) {
    try {
        rows_ = services_.registry.find(sop_instance);
    } catch (const std::exception& error) {  // a damaged database
        failure_ = NotStored{status::out_of_resources, "registry", error.what()};
    }
    std::erase_if(rows_, [](const registry::Row& row) { return row.envelope.empty(); });
    envelopes_ = registry::envelopes_of(rows_);
}

/// What the reader passes on may lack the begin of an element that was cut: all of it is held.
void Intake::take(ByteView bytes) {
    Nowhere nowhere;
    const auto read = reader_->push(bytes, nowhere);
    held_.write(bytes);
    if (!read)
        failure_ = NotStored{status::cannot_understand, read.error().message(), reader_->failure_detail()};
    else if (held_.status())
        failure_ = NotStored{status::out_of_resources, "spool", held_.status().message()};
}

void Intake::finish() {
    const auto read = reader_->finish();
    if (!read)
        failure_ = NotStored{status::cannot_understand, read.error().message(), reader_->failure_detail()};
}

/// The envelope that the object's own block names comes first: as it is registered, if it is, because it may
/// have been wrapped for other keys since.
std::vector<Bytes> Intake::candidates() const {
    auto candidates = envelopes_;
    const auto block = id_of(reader_->envelope());
    if (block.empty()) return candidates;
    const auto same = std::find_if(candidates.begin(), candidates.end(),
                                   [&](const Bytes& envelope) { return id_of(&envelope) == block; });
    if (same != candidates.end())
        std::rotate(candidates.begin(), same, same + 1);
    else
        candidates.insert(candidates.begin(), *reader_->envelope());
    return candidates;
}

net::Awaitable<void> Intake::judge() {
    const auto candidates = this->candidates();
    if (candidates.empty()) co_return;
    const auto opener = image::make_opener(
        {transfer_syntax_, identity_, candidates, services_.codecs.allowed, services_.settings.journal},
        services_.keys);
    Nowhere nowhere;
    Result<void> verified;
    while (verified) {
        const auto bytes = held_.next();
        if (!bytes) verified = bytes.error();
        if (!bytes || bytes->empty()) break;
        verified = opener->push(*bytes, nowhere);
        co_await boost::asio::post(boost::asio::use_awaitable);  // others have their turn
    }
    held_.rewind();
    Result<image::Opened> opened = verified ? opener->finish(nowhere) : verified.error();
    conclude(*opener, std::move(opened), candidates);
}

/// Where no unit verifies, it is an original, or the work of a stranger: sealed like any other.
void Intake::conclude(image::Opener& opener, Result<image::Opened> opened,
                      const std::vector<Bytes>& candidates) {
    if (!opened) {
        const auto why = opened.error();
        const auto detail = why.message() + ": " + opener.failure_detail();
        if (why.category() == boost::system::system_category())
            failure_ = NotStored{status::out_of_resources, "spool", why.message()};
        else if (opener.verified())
            failure_ = NotStored{status::cannot_understand, "sealed already, but damaged", detail, true};
        else if (why == image::errc::not_openable && names_registered())
            failure_ = NotStored{status::out_of_resources, "sealed already, cannot be verified", detail};
        return;
    }
    const auto id = portcullis::hex(opened->id);
    const auto is_its = [&](const registry::Row& row) { return row.envelope_id == id; };
    const auto envelope = std::find_if(candidates.begin(), candidates.end(),
                                       [&](const Bytes& candidate) { return id_of(&candidate) == id; });
    const bool registered = std::any_of(rows_.begin(), rows_.end(), is_its);
    const bool current = registered && is_its(rows_.front());
    const bool is_here = current && rows_.front().archive == archive_;
    opened->superseded = registered && !current;
    sealed_already_ = SealedAlready{
        std::move(*opened), *envelope, registered,
        is_here ? std::optional<std::uint64_t>(rows_.front().time_ms) : std::optional<std::uint64_t>()};
}

/// Whether its block, or its mark where an archive stripped that, names an envelope that is registered.
bool Intake::names_registered() const {
    const auto block = id_of(reader_->envelope());
    const auto named = block.empty() ? reader_->marked_envelope() : block;
    return std::any_of(rows_.begin(), rows_.end(),
                       [&](const registry::Row& row) { return row.envelope_id == named; });
}

}  // namespace portcullis::service
