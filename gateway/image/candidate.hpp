#pragma once
// One envelope that may be the one of the data set that comes in. It gathers the bytes of its units, opens
// them, and lets them out with the item structure that they came in, which need not be the one that was
// sealed: an archive may cut fragments anew. It lets out nothing before its first unit has verified.

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "codec/object.hpp"
#include "gateway/image/passage.hpp"
#include "gateway/image/scan.hpp"

namespace portcullis::image {

class Candidate {
  public:
    /// `rank`: its place among the candidates.
    Candidate(std::unique_ptr<codec::ObjectOpener>, std::size_t rank);

    /// Once the attributes have passed: whether the bound context is the sealed one.
    void set_context(bool agrees) { context_agrees_ = agrees; }
    /// Whether it has a region at this place.
    bool has(const codec::Path&) const;

    /// An element with regions, and its fragments without the offset table. Errors: context_differs (first
    /// unit verified or encoding known, but the context is another), tampered, not_openable (the codec
    /// failed); failure_detail() says more.
    Result<void> begin_element(const Element&, const codec::Path&);
    Result<void> begin_fragment(std::uint32_t length, Passage&);
    Result<void> take(ByteView bytes, Passage&);
    /// No more bytes of this element's regions: all of its units must have been there.
    Result<void> end_regions();
    /// Empty fragments that stand after the last unit, or that no unit follows.
    void release_fragments(Passage&);
    void discard_fragments() { held_.clear(); }

    bool verified() const { return opened_ > 0; }
    bool context_agrees() const { return context_agrees_.value_or(false); }
    /// Whether all pixels of the top level have passed. Other values may be missing, but not in part.
    bool complete() const;
    /// The values that did not come back, or without a byte of theirs.
    std::vector<codec::Path> missing() const;
    const codec::ObjectOpener& object() const { return *object_; }
    std::size_t rank() const { return rank_; }
    const std::string& failure_detail() const { return failure_detail_; }

  private:
    /// An item header that waits for the unit in whose bytes it stands.
    struct HeldItem {
        std::uint32_t at;  // in the unit
        std::uint32_t length;
    };

    /// The regions of one element.
    struct Value {
        const codec::Path* path;
        std::size_t begin, end;  // of its regions
        bool passed = false;
        bool empty = false;  // when it passed
    };

    std::vector<Value>::const_iterator find(const codec::Path&) const;
    bool is_empty(const Value&) const;
    static bool is_required(const Value&);
    bool turns_padding() const;
    Result<void> begin_plain(std::uint32_t length);
    bool next_region();
    bool at_padding() const;
    Result<void> open(Passage&);
    Result<void> open_unit(std::span<std::uint8_t> unit);
    void release(ByteView unit, Passage&);
    std::uint64_t unit_number() const;
    std::uint64_t region_length() const { return object_->regions()[region_].length; }
    Result<void> fail(errc, std::string why);

    std::unique_ptr<codec::ObjectOpener> object_;
    const std::size_t rank_;
    std::optional<bool> context_agrees_;
    std::vector<Value> values_;       // by path
    Value* value_ = nullptr;          // the current one
    bool any_ = false;                // bytes of it have come
    Encoding encoding_{};             // of the element
    std::size_t word_size_ = 1;       // of its value
    std::size_t region_ = 0;          // the current one of the element
    std::size_t regions_end_ = 0;     // of the element
    std::uint64_t region_left_ = 0;   // bytes of the region that are not opened yet
    std::uint64_t value_length_ = 0;  // of the native value or fragment
    std::uint64_t value_left_ = 0;    // bytes of it that have not come yet
    std::unique_ptr<std::uint8_t[]> unit_;
    std::size_t filled_ = 0;  // bytes in unit_
    std::vector<HeldItem> held_;
    std::uint64_t opened_ = 0;  // units
    std::string failure_detail_;
};

}  // namespace portcullis::image
