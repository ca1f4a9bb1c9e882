#include "gateway/image/candidates.hpp"

#include <algorithm>
#include <stdexcept>

#include "gateway/image/changes.hpp"

namespace portcullis::image {

namespace {

/// Whether a failure to begin is about what we may open, not about what came.
bool is_about_keys(codec::Failure failure) {
    using enum codec::Failure;
    return failure == no_key || failure == no_study_secret || failure == unknown_signer ||
           failure == codec_not_allowed || failure == unsupported_mode || failure == unknown_version ||
           failure == key_unavailable;
}

}  // namespace

Candidates::Candidates(const OpenParameters& parameters, const codec::OpeningKeys& keys)
    : envelopes_(parameters.envelopes) {
    const std::size_t count = std::min(envelopes_.size(), most_candidates);
    for (std::size_t rank = 0; rank < count; ++rank) {
        try {
            add(rank, parameters, keys);
        } catch (const std::runtime_error& error) {  // of a loaded codec (codec/codec.hpp)
            unopenable_ = true;
            failure_detail_ = error.what();
        }
    }
    note_places();
}

void Candidates::add(std::size_t rank, const OpenParameters& parameters, const codec::OpeningKeys& keys) {
    auto object = codec::ObjectOpener::begin(envelopes_[rank], keys, parameters.allowed, parameters.identity);
    if (object) {
        candidates_.push_back(std::make_unique<Candidate>(std::move(*object), rank));
    } else {
        unopenable_ |= is_about_keys(object.failure());
        failure_detail_ = "envelope: " + std::string(codec::name(object.failure()));
    }
}

void Candidates::note_places() {
    const codec::Path* last = nullptr;
    for (const auto& candidate : candidates_) {
        for (const auto& region : candidate->object().regions()) {
            if (region.path.get() == last) continue;
            last = region.path.get();
            tags_.push_back(last->tag);
            for (const auto& step : last->within) sequences_.push_back(step.sequence);
        }
    }
    for (auto* tags : {&tags_, &sequences_}) {
        std::sort(tags->begin(), tags->end());
        tags->erase(std::unique(tags->begin(), tags->end()), tags->end());
    }
}

const codec::ObjectDescription* Candidates::decided() const {
    if (winner_) return &winner_->object().description();
    if (candidates_.size() == 1) return &candidates_.front()->object().description();
    for (const auto& candidate : candidates_)
        if (candidate->verified()) return &candidate->object().description();
    return nullptr;
}

bool Candidates::any_has(const codec::Path& path) const {
    return std::any_of(candidates_.begin(), candidates_.end(),
                       [&](const auto& candidate) { return candidate->has(path); });
}

bool Candidates::all_have(const codec::Path& path) const {
    return std::all_of(candidates_.begin(), candidates_.end(),
                       [&](const auto& candidate) { return candidate->has(path); });
}

bool Candidates::may_have(std::uint32_t tag) const {
    return std::binary_search(tags_.begin(), tags_.end(), tag);
}

bool Candidates::lead_through(std::uint32_t tag) const {
    return std::binary_search(sequences_.begin(), sequences_.end(), tag);
}

void Candidates::set_context(const codec::BoundContext& returned) {
    for (const auto& candidate : candidates_) {
        const auto& sealed = candidate->object().description();
        candidate->set_context(codec::agree(sealed.bound, undone(returned, sealed.changes)));
    }
}

void Candidates::choose(const Candidate& candidate) {
    if (winner_) return;
    winner_ = &candidate;
    std::erase_if(candidates_, [&](const auto& other) { return other.get() != &candidate; });
}

void Candidates::release_fragments(Passage& passage) {
    for (const auto& candidate : candidates_) {
        // All that are left hold the same empty fragments.
        if (candidate == candidates_.front())
            candidate->release_fragments(passage);
        else
            candidate->discard_fragments();
    }
}

void Candidates::settle_by(ByteView block) {
    for (const auto& candidate : candidates_)
        if (candidate->complete() && candidate->context_agrees() && is_block_of(*candidate, block))
            winner_ = candidate.get();
}

ErrorCode Candidates::verdict() const {
    if (context_differs_) return errc::context_differs;
    if (unopenable_) return errc::not_openable;
    return {};
}

bool Candidates::is_block_of(const Candidate& candidate, ByteView block) const {
    const Bytes& envelope = envelopes_[candidate.rank()];
    const auto& id = candidate.object().envelope_id();
    const auto at = std::search(envelope.begin(), envelope.end(), id.begin(), id.end());
    const auto prefix = static_cast<std::size_t>(at - envelope.begin()) + id.size();
    return prefix <= block.size() &&
           std::equal(block.begin(), block.begin() + static_cast<std::ptrdiff_t>(prefix), envelope.begin());
}

}  // namespace portcullis::image
