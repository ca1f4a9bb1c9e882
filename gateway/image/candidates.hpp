#pragma once
// The envelopes that may be the one of the data set that comes in: all of them see its values until a unit
// verifies under one of them. That one is the winner; those that fail before are out.

#include <memory>
#include <string>
#include <vector>

#include "gateway/image/candidate.hpp"
#include "gateway/image/error.hpp"
#include "gateway/image/open.hpp"

namespace portcullis::image {

class Candidates {
  public:
    /// The envelopes that open with these keys; at most 16 are tried.
    Candidates(const OpenParameters&, const codec::OpeningKeys&);

    bool empty() const { return candidates_.empty(); }
    const Candidate* winner() const { return winner_; }
    /// Nothing while there are several to choose from.
    const codec::ObjectDescription* decided() const;
    /// Whether any, or every one, has a region there.
    bool any_has(const codec::Path&) const;
    bool all_have(const codec::Path&) const;
    /// Whether one may have a region with this tag: spares most elements that their place is looked up.
    bool may_have(std::uint32_t tag) const;
    /// Whether a path of one leads through a sequence with this tag.
    bool lead_through(std::uint32_t tag) const;

    /// The image attributes as they came back.
    void set_context(const codec::BoundContext& returned);
    /// Gives the same to every one, or to those that have a region at `only_at`. Errors: of the winner, who
    /// may be chosen by this.
    template <class Give>
    Result<void> feed(const Give& give, const codec::Path* only_at = nullptr);
    /// Empty fragments behind the last unit.
    void release_fragments(Passage&);
    /// Without a unit to try, only the block in the object tells: the beginning of an envelope.
    void settle_by(ByteView block);

    /// Why none is left: context_differs, not_openable; or nothing, if only the block in the object tells.
    ErrorCode verdict() const;
    /// Of the one that failed last; empty if none did.
    const std::string& failure_detail() const { return failure_detail_; }
    /// Whether the block begins as the winner's envelope does, up to and with the id. What stands behind it
    /// may have been wrapped for other keys since.
    bool is_block_of_winner(ByteView block) const { return is_block_of(*winner_, block); }

  private:
    void add(std::size_t rank, const OpenParameters&, const codec::OpeningKeys&);
    void note_places();
    void choose(const Candidate&);
    bool is_block_of(const Candidate&, ByteView block) const;

    const std::vector<Bytes>& envelopes_;
    std::vector<std::unique_ptr<Candidate>> candidates_;
    const Candidate* winner_ = nullptr;
    std::vector<std::uint32_t> tags_;       // of regions, ascending
    std::vector<std::uint32_t> sequences_;  // around them, ascending
    bool context_differs_ = false;          // of one that is out
    bool unopenable_ = false;
    std::string failure_detail_;
};

template <class Give>
Result<void> Candidates::feed(const Give& give, const codec::Path* only_at) {
    for (auto next = candidates_.begin(); next != candidates_.end();) {
        Candidate& candidate = **next;
        auto given = only_at && !candidate.has(*only_at) ? Result<void>{} : give(candidate);
        if (!given) failure_detail_ = candidate.failure_detail();
        if (candidate.verified()) {
            choose(candidate);
            return given;
        }
        if (given) {
            ++next;
            continue;
        }
        context_differs_ |= given.error() == errc::context_differs;
        unopenable_ |= given.error() == errc::not_openable;
        next = candidates_.erase(next);
    }
    return {};
}

}  // namespace portcullis::image
