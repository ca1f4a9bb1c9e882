#pragma once
// The private block that holds the envelope: group 7FE1, creator PORTCULLIS (PS3.5 7.8.1). Its block number
// is the highest free one counting down from FE, so that it comes last in the group and adopts nothing that
// another vendor left there; but below every block of ours that is there already, so that of an object that
// was sealed twice the first block is the outermost.

#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "gateway/base/bytes.hpp"
#include "gateway/image/encoding.hpp"
#include "gateway/image/scan.hpp"

namespace portcullis::image {

inline constexpr std::string_view creator_name = "PORTCULLIS";
inline constexpr std::uint32_t block_group_length = 0x7FE10000;
inline constexpr std::uint32_t first_creator = 0x7FE10010;
inline constexpr std::uint32_t last_creator = 0x7FE100FE;

/// Of an element that may be a creator: an LO, padded or not, has at most 64 characters, of up to four bytes
/// (PS3.5 6.2).
inline constexpr std::uint32_t longest_creator = 256;

constexpr bool is_block_creator(std::uint32_t tag) {
    return tag >= first_creator && tag <= last_creator;
}
/// (7FE1,bb01) for a creator (7FE1,00bb).
constexpr std::uint32_t envelope_tag(std::uint32_t creator) {
    return 0x7FE10001 | (creator & 0xFF) << 8;
}

/// Whether the value of a creator is ours; it may have been padded.
bool names_us(ByteView creator);

/// Finds the envelope in a data set as its top level passes: that of the first creator of ours, which is the
/// outermost.
class BlockReader {
  public:
    /// An envelope of more than `longest` bytes is not kept.
    explicit BlockReader(std::size_t longest) : longest_(longest) {}

    void begin(const Element&);
    void value(ByteView);
    void end(std::uint32_t tag);
    /// Nothing if there is no block of ours; empty if it holds no envelope that is kept.
    const std::optional<Bytes>& envelope() const { return envelope_; }

  private:
    enum class Reading { nothing, creator, envelope };

    const std::size_t longest_;
    Reading reading_ = Reading::nothing;
    Bytes value_;                           // what is read of the current element
    std::optional<std::uint32_t> creator_;  // tag of ours
    std::optional<Bytes> envelope_;
};

/// Holds the creators of the group back until all of them were seen, because ours may have to go before them.
class CreatorQueue {
  public:
    explicit CreatorQueue(Encoding encoding) : encoding_(encoding) {}

    /// A creator begins; its value follows by add(). Tags ascend. Both are false if there is more than
    /// creators can be: 64 KiB.
    [[nodiscard]] bool begin(std::uint32_t tag, ByteView header);
    [[nodiscard]] bool add(ByteView bytes);
    /// The tag of ours; nothing if no block is free.
    std::optional<std::uint32_t> ours() const;
    /// Whether one of ours is there already.
    bool holds_ours() const;
    /// The creators in order, as they came, and with ours among them. ours() is something.
    ByteView as_they_came() const { return bytes_; }
    Bytes with_ours() const;

  private:
    struct Held {
        std::uint32_t tag;
        std::size_t begin, value;  // where in bytes_
    };

    bool is_ours(std::size_t held) const;

    Encoding encoding_;
    std::vector<Held> held_;
    Bytes bytes_;
};

}  // namespace portcullis::image
