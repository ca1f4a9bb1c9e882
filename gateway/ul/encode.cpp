#include "gateway/ul/encode.hpp"

#include "gateway/ul/associate.hpp"
#include "gateway/ul/decode.hpp"

namespace portcullis::ul {

namespace {

/// One overload per PDU: its type, and the bytes after the header.
struct Body {
    Bytes& out;

    void operator()(const AssociateRq& pdu) const { append_associate(out, pdu); }
    void operator()(const AssociateAc& pdu) const { append_associate(out, pdu); }
    void operator()(const AssociateRj& pdu) const {
        append_u8(out, 0);
        append_u8(out, pdu.result);
        append_u8(out, pdu.source);
        append_u8(out, pdu.reason);
    }
    void operator()(const PData& pdu) const {
        for (const auto& value : pdu.values) {
            append_be32(out, static_cast<std::uint32_t>(value.data.size() + 2));
            append_u8(out, value.context.value());
            append_u8(out, static_cast<std::uint8_t>((value.command ? 1 : 0) | (value.last ? 2 : 0)));
            append(out, value.data);
        }
    }
    void operator()(const ReleaseRq&) const { append_be32(out, 0); }
    void operator()(const ReleaseRp&) const { append_be32(out, 0); }
    void operator()(const Abort& pdu) const {
        append_be16(out, 0);
        append_u8(out, pdu.source);
        append_u8(out, pdu.reason);
    }
};

/// In the order of the variant.
constexpr PduType types[] = {PduType::associate_rq, PduType::associate_ac, PduType::associate_rj,
                             PduType::p_data,       PduType::release_rq,   PduType::release_rp,
                             PduType::abort};
static_assert(std::size(types) == std::variant_size_v<Pdu>);

}  // namespace

void encode(const Pdu& pdu, Bytes& out) {
    append_u8(out, static_cast<std::uint8_t>(types[pdu.index()]));
    append_u8(out, 0);
    append_be32(out, 0);
    const std::size_t start = out.size();
    std::visit(Body{out}, pdu);
    store_be32(out.data() + start - 4, static_cast<std::uint32_t>(out.size() - start));
}

}  // namespace portcullis::ul
