#include "gateway/ul/decode.hpp"

#include "gateway/ul/associate.hpp"
#include "gateway/ul/error.hpp"
#include "gateway/ul/reader.hpp"

namespace portcullis::ul {

namespace {

constexpr std::uint32_t short_body = 4;  // A-ASSOCIATE-RJ, A-RELEASE, A-ABORT: PS3.8 9.3.4, 9.3.6 to 9.3.8
constexpr std::uint32_t smallest_p_data = 6;  // one PDV without data

struct LengthRange {
    std::uint32_t least;
    std::uint32_t most;
};

std::optional<LengthRange> length_range(std::uint8_t type, const DecodeLimits& limits) {
    switch (static_cast<PduType>(type)) {
        case PduType::associate_rq:
        case PduType::associate_ac:
            return LengthRange{associate_fixed_size, limits.associate};
        case PduType::p_data:
            return LengthRange{smallest_p_data, limits.p_data};
        case PduType::associate_rj:
        case PduType::release_rq:
        case PduType::release_rp:
        case PduType::abort:
            return LengthRange{short_body, short_body};
    }
    return std::nullopt;
}

/// PS3.8 9.3.5.1 and annex E.2: bits 2 to 7 of the message control header are not tested.
Result<PData> decode_p_data(Reader items) {
    PData pdu;
    while (items.more()) {
        const auto length = items.u32();
        Reader item(items.take(length));
        const auto id = item.u8();
        const auto control = item.u8();
        if (items.overrun() || item.overrun()) return errc::invalid_length;
        const auto context = ContextId::parse(id);
        if (!context) return errc::invalid_value;
        pdu.values.push_back({*context, (control & 1) != 0, (control & 2) != 0, item.take_rest()});
    }
    if (pdu.values.empty()) return errc::missing_item;
    return pdu;
}

AssociateRj decode_associate_rj(ByteView body) {
    return {body[1], body[2], body[3]};
}

Abort decode_abort(ByteView body) {
    return {body[2], body[3]};
}

template <class T>
Result<Pdu> as_pdu(Result<T> decoded) {
    if (!decoded) return decoded.error();
    return Pdu(std::move(*decoded));
}

}  // namespace

Result<PduHeader> decode_header(std::span<const std::uint8_t, pdu_header_size> header,
                                const DecodeLimits& limits) {
    const auto range = length_range(header[0], limits);
    if (!range) return errc::unrecognized_pdu;
    const std::uint32_t length = load_be32(header.data() + 2);
    if (length < range->least) return errc::invalid_length;
    if (length > range->most) return range->most == short_body ? errc::invalid_length : errc::pdu_too_long;
    return PduHeader{static_cast<PduType>(header[0]), length};
}

Result<Pdu> decode(ByteView pdu) {
    if (pdu.size() < pdu_header_size) return errc::invalid_length;
    constexpr DecodeLimits any_length{UINT32_MAX, UINT32_MAX};
    const auto header = decode_header(pdu.first<pdu_header_size>(), any_length);
    if (!header) return header.error();
    const ByteView body = pdu.subspan(pdu_header_size);
    if (body.size() != header->length) return errc::invalid_length;
    switch (header->type) {
        case PduType::associate_rq:
            return as_pdu(decode_associate_rq(body));
        case PduType::associate_ac:
            return as_pdu(decode_associate_ac(body));
        case PduType::associate_rj:
            return Pdu(decode_associate_rj(body));
        case PduType::p_data:
            return as_pdu(decode_p_data(Reader(body)));
        case PduType::release_rq:
            return Pdu(ReleaseRq{});
        case PduType::release_rp:
            return Pdu(ReleaseRp{});
        case PduType::abort:
            return Pdu(decode_abort(body));
    }
    return errc::unrecognized_pdu;
}

}  // namespace portcullis::ul
