#include "gateway/service/store_trial.hpp"

#include <algorithm>

#include "gateway/base/nowhere.hpp"

namespace portcullis::service {

StoreTrial::StoreTrial(const image::SealParameters& parameters, bool seal, net::Clock::duration at_most)
    : sop_instance_(*Uid::parse(parameters.identity.sop_instance_uid)),
      at_once_(image::most_at_once(parameters.transfer_syntax)),
      left_(at_most) {
    spend([&] { begin(parameters, seal); });
}

/// Whoever stores must not suffer from what goes wrong here.
template <class Work>
void StoreTrial::spend(const Work& work) {
    const auto began = net::Clock::now();
    try {
        work();
    } catch (const std::exception& error) {
        unfinished_ = error.what();
    }
    left_ -= net::Clock::now() - began;
    if (left_ <= net::Clock::duration::zero() && !sealed_) unfinished_ = "it takes too long";
    if (!over()) return;
    sealer_.reset();
    reader_.reset();
}

void StoreTrial::begin(const image::SealParameters& parameters, bool seal) {
    if (seal) {
        keys_ = std::make_unique<keys::PassingKeys>();
        sealer_ = image::make_sealer(parameters, *keys_);
    } else {
        reader_ = image::make_reader(parameters.transfer_syntax);
    }
}

void StoreTrial::take(ByteView bytes) {
    while (!bytes.empty() && !over()) {
        const auto piece = bytes.first(std::min(bytes.size(), at_once_));
        bytes = bytes.subspan(piece.size());
        spend([&] { push(piece); });
    }
}

void StoreTrial::push(ByteView bytes) {
    Nowhere nowhere;
    judge(sealer_ ? sealer_->push(bytes, nowhere) : reader_->push(bytes, nowhere));
    if (!failure_)
        failure_ = wrong_instance(sealer_ ? sealer_->identifiers() : reader_->identifiers(), sop_instance_);
}

void StoreTrial::finish() {
    if (!over()) spend([&] { end(); });
}

void StoreTrial::end() {
    if (reader_) return judge(reader_->finish());
    Nowhere nowhere;
    auto sealed = sealer_->finish(nowhere);
    if (sealed)
        sealed_ = std::move(*sealed);
    else
        judge(sealed.error());
}

void StoreTrial::judge(const Result<void>& done) {
    if (!done)
        failure_ = not_stored(done.error(), sealer_ ? sealer_->failure_detail() : reader_->failure_detail());
}

}  // namespace portcullis::service
