// Of an object that the registry does not know as sealed under its UID: what it says itself, once it is
// there.

#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <utility>

#include "codec/object.hpp"
#include "gateway/base/hex.hpp"
#include "gateway/dimse/status.hpp"
#include "gateway/service/delivery.hpp"

namespace portcullis::service {

namespace status = dimse::status;

/// The row of an envelope that the object names, by its block or by its mark.
std::optional<registry::Row> Delivery::row_of_what_it_names() const {
    const auto* block = reader_->envelope();
    const auto id = block ? codec::envelope_id(*block) : codec::Failure::malformed;
    auto row = id ? services_.registry.find_envelope(portcullis::hex(*id)) : std::nullopt;
    const auto marked = reader_->marked_envelope();
    return row || marked.empty() ? row : services_.registry.find_envelope(marked);
}

/// Of an object that was sealed under another UID: its envelope. Policy says whether this archive may do so.
std::optional<Bytes> Delivery::renumbered() {
    const auto row = row_of_what_it_names();
    if (!row) return std::nullopt;
    sealed_as_ = row->sop_instance;
    if (registered_ || !archive_.renumbers) {
        withhold({"renumbered", "sealed under another SOP Instance UID", status::processing_failure, true});
        return std::nullopt;
    }
    registered_ = true;
    current_ = services_.registry.find(row->sop_instance).front().envelope_id;
    return row->envelope;
}

/// The registry does not know it as sealed under this UID. If it was sealed under another, and the archive
/// may renumber, it opens by the envelope that is registered. If there is a block of ours that nobody
/// registered, as of images that were sealed offline, or stored by way of another gateway, it opens by that,
/// and only under this UID. A signer that we trust must have done either; else whoever got it would take
/// noise for an image.
std::optional<Bytes> Delivery::find_envelope() {
    try {
        auto envelope = renumbered();
        if (envelope || withheld_) return envelope;
    } catch (const std::exception& error) {
        withhold({"registry", error.what(), status::out_of_resources, false});
        return std::nullopt;
    }
    const auto* block = reader_->envelope();
    if (block && (registered_ || block->empty()))
        withhold({"envelope not registered", "sealed, but not under this UID by this gateway",
                  status::processing_failure, true});
    else if (!registered_ && !pass_unregistered_)
        withhold(Withheld::not_registered());
    else if (!block && stays_sealed() && (!registered_ || !budget_.empty()))
        withhold(
            {"not sealed", "it was never sealed, and is to leave sealed", status::not_authorized, false});
    return block ? std::optional(*block) : std::nullopt;
}

net::Awaitable<void> Delivery::open_held() {
    auto envelope = find_envelope();
    if (withheld_ || !envelope) co_return;
    open_by(*image::carried_transfer_syntax(transfer_syntax_), {std::move(*envelope)});
    const auto sealed = std::exchange(held_, std::make_unique<image::Spool>(services_.settings.journal));
    out_ = held_.get();
    for (;;) {
        const auto bytes = sealed->next();
        if (!bytes) co_return withhold(Withheld::full("spool", bytes.error()));
        if (bytes->empty()) break;
        const auto pushed = open(*bytes);
        if (!pushed) co_return withhold(Withheld::because(pushed.error(), opener_->failure_detail()));
        co_await boost::asio::post(boost::asio::use_awaitable);  // others have their turn
    }
    finish_opening();
    if (held_->status()) withhold(Withheld::full("spool", held_->status()));
}

}  // namespace portcullis::service
