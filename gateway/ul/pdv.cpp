#include "gateway/ul/pdv.hpp"

#include <algorithm>
#include <stdexcept>

#include "gateway/ul/decode.hpp"
#include "gateway/ul/error.hpp"

namespace portcullis::ul {

namespace {

constexpr std::size_t pdv_header_size = 6;  // length, context id, message control header: PS3.8 9.3.5.1

std::uint32_t most_data(std::uint32_t peer_maximum_length, std::uint32_t cap) {
    const std::uint32_t limit = peer_maximum_length == 0 ? cap : std::min(peer_maximum_length, cap);
    if (limit < smallest_usable_maximum_length) throw std::invalid_argument("no fragment fits");
    return (limit - pdv_header_size) & ~std::uint32_t{1};
}

/// Makes room, and doubles at least: many small additions must not each copy what is there.
void reserve_more(Bytes& out, std::size_t more) {
    const std::size_t needed = out.size() + more;
    if (needed > out.capacity()) out.reserve(std::max(needed, 2 * out.capacity()));
}

}  // namespace

Fragmenter::Fragmenter(ContextId context, bool command, std::uint32_t peer_maximum_length, std::uint32_t cap,
                       Bytes& out)
    : context_(context), command_(command), fragment_(most_data(peer_maximum_length, cap)), out_(out) {}

void Fragmenter::write(ByteView bytes) {
    written_ += bytes.size();
    const std::size_t pending = held_.size() + bytes.size();
    if (pending > fragment_) {
        reserve_more(out_, pending + (pending / fragment_) * (pdu_header_size + pdv_header_size));
        const std::size_t missing = fragment_ - held_.size();
        emit(held_, bytes.first(missing), false);
        bytes = bytes.subspan(missing);
        held_.clear();
    }
    for (; bytes.size() > fragment_; bytes = bytes.subspan(fragment_))
        emit({}, bytes.first(fragment_), false);
    append(held_, bytes);
}

void Fragmenter::finish() {
    emit(held_, {}, true);
    held_.clear();
}

void Fragmenter::emit(ByteView first, ByteView second, bool last) {
    const auto data = static_cast<std::uint32_t>(first.size() + second.size());
    append_u8(out_, static_cast<std::uint8_t>(PduType::p_data));
    append_u8(out_, 0);
    append_be32(out_, data + pdv_header_size);
    append_be32(out_, data + 2);
    append_u8(out_, context_.value());
    append_u8(out_, static_cast<std::uint8_t>((command_ ? 1 : 0) | (last ? 2 : 0)));
    append(out_, first);
    append(out_, second);
}

Result<Assembler::Step> Assembler::next(const Pdv& pdv) {
    if (phase_ == Phase::between) {
        command_.clear();
        context_ = pdv.context;
        phase_ = Phase::command;
    }
    const bool expected = phase_ == Phase::command ? pdv.command : phase_ == Phase::data && !pdv.command;
    if (!expected || pdv.context != *context_) return errc::unexpected_pdv;
    if (phase_ == Phase::data) {
        if (pdv.last) phase_ = Phase::between;
        return Step(DataFragment{pdv.context, pdv.data, pdv.last});
    }
    if (pdv.data.size() > longest_command_set - command_.size()) return errc::command_too_long;
    append(command_, pdv.data);
    if (!pdv.last) return Step(CommandFragment{});
    phase_ = Phase::decided_by_caller;
    return Step(CommandComplete{pdv.context, command_});
}

void Assembler::expect_data_set(bool follows) {
    phase_ = follows ? Phase::data : Phase::between;
}

}  // namespace portcullis::ul
