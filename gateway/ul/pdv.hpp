#pragma once
// Messages in fragments (PS3.8 annex E, PS3.7 6.3): cutting what we send into PDVs of the peer's size, and
// putting together what we receive.

#include "gateway/base/error.hpp"
#include "gateway/ul/pdu.hpp"

namespace portcullis::ul {

/// Smallest maximum length that a fragment of two bytes fits into: 6 bytes of PDV header and 2 of data.
inline constexpr std::uint32_t smallest_usable_maximum_length = 8;

/// Whether anything can be sent to a peer that announced this maximum length (0: no limit, PS3.8 D.1.1).
constexpr bool is_usable_maximum_length(std::uint32_t announced) {
    return announced == 0 || announced >= smallest_usable_maximum_length;
}

/// Cuts one command set or one data set into P-DATA-TF PDUs of one PDV each and appends them to `out`.
/// Fragments are as large as the peer takes them, even-sized and never empty, except the single one of an
/// empty data set. What is left over, at least a byte, is held back until finish(), since only then is it
/// known which fragment carries the end flag (archives abort on odd or empty fragments; measured). A data set
/// of odd length ends in an odd last fragment: nothing is invented.
class Fragmenter final : public ByteSink {
  public:
    /// `peer_maximum_length` as the peer announced it (0: no limit), at least smallest_usable_maximum_length;
    /// `cap` bounds it, in the same unit (bytes of the variable field of a P-DATA-TF). `out` must outlive it;
    /// the caller may empty it between calls. Throws std::invalid_argument where not even two bytes fit.
    Fragmenter(ContextId context, bool command, std::uint32_t peer_maximum_length, std::uint32_t cap,
               Bytes& out);
    void write(ByteView bytes) override;
    /// Writes the rest, with the end flag. Called once, last.
    void finish();
    std::uint64_t bytes_written() const { return written_; }

  private:
    void emit(ByteView first, ByteView second, bool last);

    ContextId context_;
    bool command_;
    std::uint32_t fragment_;  // most data bytes in one PDV; even
    Bytes& out_;
    Bytes held_;  // at most a fragment
    std::uint64_t written_ = 0;
};

/// Longest command set that is accepted, in bytes; those of the standard stay under a few hundred.
inline constexpr std::size_t longest_command_set = 64 * 1024;

/// Follows the PDVs of one direction and tells what each one is. Errors: errc::unexpected_pdv when fragments
/// of two messages interleave or a data set comes that no command announced; errc::command_too_long.
class Assembler {
  public:
    struct CommandFragment {};  // part of a command set: nothing to do yet
    struct CommandComplete {
        ContextId context;
        ByteView command_set;
    };  // valid until the next call of next()
    struct DataFragment {
        ContextId context;
        ByteView data;
        bool last;
    };
    using Step = std::variant<CommandFragment, CommandComplete, DataFragment>;

    Result<Step> next(const Pdv& pdv);
    /// Said by the caller, who can read command sets, after a CommandComplete: whether a data set follows.
    void expect_data_set(bool follows);
    /// True between messages: a release is orderly only then.
    bool idle() const { return phase_ == Phase::between; }

  private:
    enum class Phase { between, command, decided_by_caller, data };
    Phase phase_ = Phase::between;
    std::optional<ContextId> context_;
    Bytes command_;
};

}  // namespace portcullis::ul
