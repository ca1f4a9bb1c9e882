#include "gateway/image/transcoder.hpp"

#include "gateway/image/deflated.hpp"
#include "gateway/image/implicit_vr.hpp"
#include "gateway/image/stage.hpp"
#include "gateway/image/verified_decompressor.hpp"

namespace portcullis::image {

namespace {

class Passer final : public Stage<Recoder> {
  public:
    using Stage::Stage;
    Result<void> finish(ByteSink&) override { return finish_scan(); }
};

class InflatingRecoder final : public Inflating<Recoder> {
  public:
    using Inflating::Inflating;
    Result<void> push(ByteView bytes, ByteSink& out) override { return inflate_into_inner(bytes, out); }
    Result<void> finish(ByteSink& out) override {
        if (auto ended = finish_inflating(); !ended) return ended;
        return inner_->finish(out);
    }
};

/// What one makes, the other makes into something else.
class TwoRecoders final : public Recoder, private ByteSink {
  public:
    TwoRecoders(std::unique_ptr<Recoder> first, std::unique_ptr<Recoder> second)
        : first_(std::move(first)), second_(std::move(second)) {}

    Result<void> push(ByteView bytes, ByteSink& out) override {
        out_ = &out;
        const auto pushed = first_->push(bytes, *this);
        return status_ ? pushed : status_;
    }
    Result<void> finish(ByteSink& out) override {
        out_ = &out;
        if (const auto done = first_->finish(*this); !done || !status_) return done ? status_ : done;
        return second_->finish(out);
    }
    const Identifiers& identifiers() const override { return first_->identifiers(); }
    const std::string& failure_detail() const override {
        const auto& detail = first_->failure_detail();
        return detail.empty() ? second_->failure_detail() : detail;
    }

  private:
    void write(ByteView bytes) override {
        if (status_) status_ = second_->push(bytes, *out_);
    }

    const std::unique_ptr<Recoder> first_, second_;
    ByteSink* out_ = nullptr;
    Result<void> status_;  // of the second; the first failure stays
};

bool is_explicit_little_endian(const TransferSyntax& syntax) {
    return !syntax.encapsulated && syntax.encoding == decompressed_syntax().encoding;
}

}  // namespace

bool can_transcode(const Uid& from, const Uid& to) {
    const auto syntax = carried_transfer_syntax(from);
    if (!syntax || from == to) return false;
    return compression(from).has_value() || is_explicit_little_endian(*syntax);
}

std::unique_ptr<Recoder> make_transcoder(const Uid& from_uid, const Uid& to_uid) {
    const auto from = carried_transfer_syntax(from_uid).value();
    const auto to = carried_transfer_syntax(to_uid).value();
    std::unique_ptr<Recoder> made;
    if (from.encapsulated) made = make_verified_decompressor(from);
    if (!to.encoding.explicit_vr && made)
        made = std::make_unique<TwoRecoders>(std::move(made), make_implicit_writer());
    else if (!to.encoding.explicit_vr)
        made = make_implicit_writer();
    if (!from.deflated) return made;
    if (!made) made = std::make_unique<Passer>(to);
    return std::make_unique<InflatingRecoder>(std::move(made));
}

}  // namespace portcullis::image
