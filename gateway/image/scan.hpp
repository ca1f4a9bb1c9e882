#pragma once
// A push parser of data sets (PS3.5 clause 7) in Implicit and Explicit VR Little Endian and in Explicit VR
// Big Endian. It takes the bytes in pieces of any size and tells its handler of every byte exactly once and
// in order; where the pieces are cut makes no difference but to how values are cut. It holds no more than one
// element header and one small record per open sequence, and it does not recurse.
//
// A handler sees the top level, and, if it wants to, what stands in sequences.
//
// Strict where two readers of the same bytes could disagree about what the object is:
// - At the top level tags ascend and none occurs twice (PS3.5 7.1). Inside items descending tags are
//   tolerated here; Element::ascends says which do not descend.
// - An item or value that reaches past what encloses it, a delimitation item that closes nothing or has a
//   length, an undefined length where the standard allows none (7.1.2, 7.5, A.4), a VR that is not two
//   capital letters: malformed.
// Tolerant where it makes no difference: odd lengths, unknown VRs (32-bit length, 7.1.2), nonzero reserved
// bytes.
// A UN of undefined length is a sequence in Implicit VR Little Endian (6.2.2). An element of defined length
// without a VR is a sequence if its value begins with an item and its tag is private or one that the standard
// knows as a sequence: so do other readers take it. So is a UN with such a tag; a private UN is bytes, unless
// the handler knows better.

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "codec/object.hpp"
#include "gateway/base/bytes.hpp"
#include "gateway/base/error.hpp"
#include "gateway/image/encoding.hpp"
#include "gateway/image/error.hpp"

namespace portcullis::image {

inline constexpr std::uint32_t undefined_length = 0xFFFFFFFF;

/// How the value of an element is made: plain bytes, items that are data sets, or the fragments of
/// encapsulated pixel data (PS3.5 A.4).
enum class Form { plain, sequence, fragments };

struct Element {
    std::uint32_t tag;
    std::array<char, 2> vr;  // zeros in Implicit VR
    std::uint32_t length;    // or undefined_length
    Form form;
    Encoding encoding{};  // of its header; inside a UN it is not that of the data set
    /// Its tag, and those of all sequences around it, are higher than all before them in their items: no
    /// other element has this path.
    bool ascends = true;

    /// Empty in Implicit VR.
    std::string_view vr_text() const { return {vr.data(), vr[0] == 0 ? std::size_t{0} : vr.size()}; }
    /// Bytes of its words that another byte order than little-endian turns around.
    std::size_t word() const { return encoding.big_endian ? word_size(vr_text()) : 1; }
};

class ScanHandler {
  public:
    /// A top-level element begins; `header` are its bytes as they stand. Views are valid during the call
    /// only.
    virtual Result<void> begin_element(const Element&, ByteView header) = 0;
    /// The next bytes of its value; for a sequence all that is in it, headers and delimitation included, but
    /// for what the calls below are told of.
    virtual Result<void> value(ByteView bytes) = 0;
    virtual Result<void> end_element() = 0;
    /// An item of top-level encapsulated pixel data: the first is the offset table, the others are fragments.
    /// Their bytes come by value(); so does, outside of any item, the delimitation at the end.
    virtual Result<void> begin_item(std::uint32_t length, ByteView header) = 0;
    virtual Result<void> end_item() = 0;

    /// The same inside of sequences; where exactly, Scanner::path() says. The bytes of plain values and
    /// fragments come by value(), as do, outside of these, items and delimitations. Who does not care gets
    /// all of it as the value of the top-level element. A sequence begins here but does not end here.
    virtual Result<void> begin_nested(const Element&, ByteView header) { return value(header); }
    virtual Result<void> end_nested() { return {}; }
    virtual Result<void> begin_nested_item(std::uint32_t, ByteView header) { return value(header); }
    virtual Result<void> end_nested_item() { return {}; }
    /// A sequence of defined length, or an item of one, is over, at any depth: no delimitation says so.
    virtual Result<void> end_of_defined(bool is_item) {
        (void)is_item;
        return {};
    }

    /// Whether an element that begins with an item is a sequence, though its VR does not say so: a UN, or one
    /// without a VR. `usual`: what other readers take it for.
    virtual bool is_sequence(std::uint32_t, bool usual) const { return usual; }

  protected:
    ~ScanHandler() = default;
};

struct ScanLimits {
    std::size_t depth = 256;              // sequences within sequences
    std::uint64_t elements = 10'000'000;  // elements, items and fragments in all
};

class Scanner {
  public:
    Scanner(Encoding, ScanHandler&, ScanLimits = {});

    /// Errors: malformed, too_deep, too_many_elements, duplicate_pixel_data, and what the handler returns.
    /// After an error every call returns it again.
    Result<void> push(ByteView bytes);
    /// Errors: malformed if the bytes end inside an element.
    Result<void> finish();
    /// Of the element that the handler was told of last.
    codec::Path path() const;
    /// Where and what; empty if nothing failed here.
    const std::string& failure_detail() const { return failure_detail_; }

  private:
    struct Header {
        std::uint32_t tag = 0;
        std::array<char, 2> vr{};
        std::uint32_t length = 0;
    };
    enum class Kind : std::uint8_t { sequence, item, fragments };
    /// An open sequence, item or run of fragments.
    struct Level {
        std::uint64_t end;  // where it ends, or where what encloses it does
        Kind kind;
        bool defined;               // ends at `end`, not by a delimitation item
        Encoding encoding;          // of what is in it
        bool ascends;               // so does all that is around it
        std::uint32_t name;         // tag of a sequence or of fragments, number of an item from 0
        std::uint32_t items = 0;    // of a sequence, so far
        std::int64_t highest = -1;  // tag in an item, so far
    };

    Result<void> scan(ByteView& bytes);
    Result<void> take_value(ByteView& bytes);
    Result<void> take_header(ByteView& bytes);
    std::size_t header_size(ByteView start) const;
    std::size_t peek_size(ByteView start) const;
    Result<void> take_whole_header(ByteView start, std::size_t size);
    Header read_header(ByteView header) const;
    Result<Header> parse(ByteView header);
    Result<void> enter(const Header&, ByteView bytes, ByteView peek);
    Result<void> enter_element(const Header&, ByteView bytes, ByteView peek);
    Result<void> enter_top_level(const Element&, ByteView bytes);
    Result<void> enter_nested(Element&, ByteView bytes);
    Result<void> enter_item(const Header&, ByteView bytes);
    Result<void> enter_fragment(const Header&, ByteView bytes);
    Result<void> leave(ByteView bytes);
    Result<void> end_value();
    Result<void> close_complete_levels();
    Result<Form> form_of(const Header&, ByteView peek);
    bool may_be_sequence(const Header&) const;

    Encoding encoding() const { return levels_.empty() ? encoding_ : levels_.back().encoding; }
    std::uint32_t load_tag(const std::uint8_t* bytes) const;
    std::uint64_t limit() const;
    bool among_top_level_fragments() const;
    Result<void> fail(errc, std::string_view why);

    const Encoding encoding_;
    ScanHandler& handler_;
    const ScanLimits limits_;
    std::vector<Level> levels_;
    std::array<std::uint8_t, 16> carry_{};  // a header that was cut, and the bytes that it is judged by
    std::size_t carried_ = 0;
    std::uint64_t position_ = 0;   // of the next byte in the data set
    std::uint64_t remaining_ = 0;  // bytes of the current plain value or fragment
    std::uint64_t elements_ = 0;
    std::int64_t top_level_tag_ = -1;  // the last one
    std::uint32_t tag_ = 0;            // the last header, for messages
    ErrorCode error_;
    std::string failure_detail_;
};

}  // namespace portcullis::image
