// Of a verified object that its receiver does not take as it is: the same, uncompressed.

#include <algorithm>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <utility>

#include "gateway/dimse/status.hpp"
#include "gateway/image/transcoder.hpp"
#include "gateway/service/delivery.hpp"

namespace portcullis::service {

namespace {

constexpr std::size_t at_a_time = 1024;  // bytes: few frames end in so many, however small they are
constexpr std::chrono::milliseconds longest_turn{10};

Withheld not_transcoded(std::string detail) {
    return {"transcoding", std::move(detail), dimse::status::processing_failure, false};
}

Withheld not_transcoded(const image::Recoder& transcoder, const ErrorCode& error) {
    const auto& detail = transcoder.failure_detail();
    return not_transcoded(detail.empty() ? error.message() : detail);
}

}  // namespace

net::Awaitable<void> Delivery::transcode(const Uid& to) {
    if (!image::can_transcode(written_in(), to))
        co_return withhold(not_transcoded("there is no decoder of " + written_in().str()));
    const auto transcoder = image::make_transcoder(written_in(), to);
    co_await transcode_held(*transcoder);
    if (held_->status()) withhold(Withheld::full("spool", held_->status()));
    if (!withheld_) transcoded_ = to;
}

net::Awaitable<void> Delivery::transcode_held(image::Recoder& transcoder) {
    const auto opened = std::exchange(held_, std::make_unique<image::Spool>(services_.settings.journal));
    auto turn_began = net::Clock::now();
    for (;;) {
        const auto piece = opened->next();
        if (!piece) co_return withhold(Withheld::full("spool", piece.error()));
        if (piece->empty()) break;
        for (ByteView rest = *piece; !rest.empty();) {
            const auto bytes = rest.first(std::min(rest.size(), at_a_time));
            rest = rest.subspan(bytes.size());
            if (const auto pushed = transcoder.push(bytes, *held_); !pushed)
                co_return withhold(not_transcoded(transcoder, pushed.error()));
            if (net::Clock::now() - turn_began < longest_turn) continue;
            co_await boost::asio::post(boost::asio::use_awaitable);  // others have their turn
            turn_began = net::Clock::now();
        }
    }
    if (const auto finished = transcoder.finish(*held_); !finished)
        withhold(not_transcoded(transcoder, finished.error()));
}

}  // namespace portcullis::service
