#pragma once
// A push parser of data sets (PS3.5 clause 7) in Implicit and Explicit VR Little Endian. It takes the bytes
// in pieces of any size and tells its handler of every byte exactly once and in order; where the pieces are
// cut makes no difference but to how values are cut. It holds no more than one element header and one small
// record per open sequence, and it does not recurse.
//
// The handler sees the top level. Everything inside a sequence is checked and counted here and reaches the
// handler as the value of the top-level element that it is in.
//
// Strict where two readers of the same bytes could disagree about what the object is:
// - At the top level tags ascend and none occurs twice (PS3.5 7.1). Inside items descending tags are
//   tolerated: nothing is read from there.
// - An item or value that reaches past what encloses it, a delimitation item that closes nothing or has a
//   length, an undefined length where the standard allows none (7.1.2, 7.5, A.4), a VR that is not two
//   capital letters: malformed.
// Tolerant where it makes no difference: odd lengths, unknown VRs (32-bit length, 7.1.2), nonzero reserved
// bytes.
// In Implicit VR a sequence of defined length cannot be told from a value without a dictionary; it is passed
// as a value. A UN of undefined length is a sequence in Implicit VR (6.2.2).

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/base/bytes.hpp"
#include "gateway/base/error.hpp"
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
};

class ScanHandler {
  public:
    /// A top-level element begins; `header` are its bytes as they stand. Views are valid during the call
    /// only.
    virtual Result<void> begin_element(const Element&, ByteView header) = 0;
    /// The next bytes of its value; for a sequence all that is in it, headers and delimitation included.
    virtual Result<void> value(ByteView bytes) = 0;
    virtual Result<void> end_element() = 0;
    /// An item of top-level encapsulated pixel data: the first is the offset table, the others are fragments.
    /// Their bytes come by value(); so does, outside of any item, the delimitation at the end.
    virtual Result<void> begin_item(std::uint32_t length, ByteView header) = 0;
    virtual Result<void> end_item() = 0;

  protected:
    ~ScanHandler() = default;
};

struct ScanLimits {
    std::size_t depth = 256;              // sequences within sequences
    std::uint64_t elements = 10'000'000;  // elements, items and fragments in all
};

class Scanner {
  public:
    Scanner(bool explicit_vr, ScanHandler&, ScanLimits = {});

    /// Errors: malformed, too_deep, too_many_elements, duplicate_pixel_data, and what the handler returns.
    /// After an error every call returns it again.
    Result<void> push(ByteView bytes);
    /// Errors: malformed if the bytes end inside an element.
    Result<void> finish();
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
        bool defined;   // ends at `end`, not by a delimitation item
        bool implicit;  // its elements have no VR
    };

    Result<void> scan(ByteView& bytes);
    Result<void> take_value(ByteView& bytes);
    Result<void> take_header(ByteView& bytes);
    std::size_t header_size(ByteView start) const;
    Result<Header> parse(ByteView header);
    Result<void> enter(const Header&, ByteView bytes);
    Result<void> enter_element(const Header&, ByteView bytes);
    Result<void> enter_top_level(const Element&, ByteView bytes);
    Result<void> enter_item(const Header&, ByteView bytes);
    Result<void> enter_fragment(const Header&, ByteView bytes);
    Result<void> leave(ByteView bytes);
    Result<void> end_value();
    Result<void> close_complete_levels();
    Result<Form> form_of(const Header&);

    bool implicit() const { return levels_.empty() ? !explicit_vr_ : levels_.back().implicit; }
    std::uint64_t limit() const;
    bool among_top_level_fragments() const;
    Result<void> fail(errc, std::string_view why);

    const bool explicit_vr_;
    ScanHandler& handler_;
    const ScanLimits limits_;
    std::vector<Level> levels_;
    std::array<std::uint8_t, 12> carry_{};  // a header that was cut
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
