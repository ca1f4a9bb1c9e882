#include <limits>

#include "codec/envelope.hpp"
#include "codec/envelope_layout.hpp"
#include "codec/path.hpp"

namespace portcullis::codec {

namespace {

void write_bound(WireWriter& writer, const BoundContext& bound) {
    std::uint16_t present = 0;
    std::size_t bit = 0;
    for (const auto member : bound_numbers) {
        if (bound.*member) present = static_cast<std::uint16_t>(present | 1u << bit);
        ++bit;
    }
    if (bound.photometric_interpretation) present |= has_photometric_interpretation;
    if (bound.number_of_frames) present |= has_number_of_frames;
    writer.number(present);
    for (const auto member : bound_numbers) {
        if (bound.*member) writer.number(*(bound.*member));
    }
    if (bound.photometric_interpretation) writer.text(*bound.photometric_interpretation);
    if (bound.number_of_frames) writer.number(static_cast<std::uint64_t>(*bound.number_of_frames));
    writer.text(bound.encapsulated_transfer_syntax);
}

void write_head(WireWriter& writer, const EnvelopeHead& head) {
    writer.number(static_cast<std::uint8_t>(head.mode()));
    writer.bytes(head.id);
    if (head.study_secret) writer.bytes(*head.study_secret);
    writer.text(head.codec_id);
    writer.number(head.codec_version);
    writer.bytes(head.salt);
    writer.bytes(head.commitment);
    writer.bytes(head.signer);
    writer.text(head.tenant);
    writer.text(head.origin.gateway_id);
    writer.text(head.origin.scanner_ae);
    writer.number(head.origin.time_ms);
    write_bound(writer, head.bound);
    writer.text(head.transfer_syntax);
}

}  // namespace

void RegionRuns::add(const Region& region) {
    const bool continues = !runs_.empty() && *runs_.back().path == *region.path &&
                           runs_.back().kind == region.kind &&
                           std::uint64_t{runs_.back().first_order} + runs_.back().count == region.order;
    if (!continues) runs_.push_back({region.path, region.kind, region.order, 0, 0});
    WireWriter(lengths_).varint(region.length);
    ++runs_.back().count;
    runs_.back().lengths_end = lengths_.size();
    ++regions_;
}

ByteVector RegionRuns::encode() const {
    ByteVector out;
    WireWriter writer(out);
    writer.number(static_cast<std::uint32_t>(runs_.size()));
    std::size_t begin = 0;
    for (const auto& run : runs_) {
        write_path(writer, *run.path);
        writer.number(static_cast<std::uint8_t>(run.kind));
        writer.number(run.first_order);
        writer.number(run.count);
        writer.bytes(ByteSpan(lengths_).subspan(begin, run.lengths_end - begin));
        begin = run.lengths_end;
    }
    return out;
}

ByteVector encode_body(const EnvelopeHead& head, ByteSpan regions, ByteSpan tags, ByteSpan sealed_blob,
                       std::size_t blob_length) {
    ByteVector variable;
    WireWriter head_writer(variable);
    write_head(head_writer, head);

    const std::size_t unpadded =
        body_prefix_size + variable.size() + regions.size() + tags.size() + 4 + sealed_blob.size();
    const std::size_t pad = unpadded % 2;  // an OB value has an even length, and so has the envelope
    ByteVector body;
    body.reserve(unpadded + pad);
    WireWriter writer(body);
    writer.bytes(magic);
    writer.number(envelope_version);
    writer.number(static_cast<std::uint32_t>(unpadded + pad));
    writer.bytes(variable);
    writer.bytes(regions);
    writer.bytes(tags);
    writer.number(static_cast<std::uint32_t>(blob_length));
    writer.bytes(sealed_blob);
    body.resize(unpadded + pad);
    return body;
}

bool is_well_formed(const Stanza& stanza) {
    if (const auto* kek = std::get_if<KekStanza>(&stanza)) return kek->wrapped.size() == wrapped_key_size;
    const std::size_t size = std::get<RecoveryStanza>(stanza).wrapped.size();
    return size >= least_recovery_size && size <= most_recovery_size && size % 2 == 0;
}

ByteVector encode_stanzas(std::span<const Stanza> stanzas) {
    ByteVector out;
    WireWriter writer(out);
    const auto write = [&writer](StanzaType type, ByteSpan holder, ByteSpan wrapped) {
        writer.number(static_cast<std::uint16_t>(type));
        writer.number(static_cast<std::uint16_t>(holder.size() + wrapped.size()));
        writer.bytes(holder);
        writer.bytes(wrapped);
    };
    writer.number(static_cast<std::uint16_t>(stanzas.size()));
    for (const auto& stanza : stanzas) {
        if (const auto* kek = std::get_if<KekStanza>(&stanza)) {
            write(StanzaType::kek, kek->kek, kek->wrapped);
        } else {
            const auto& recovery = std::get<RecoveryStanza>(stanza);
            write(StanzaType::recovery, recovery.certificate, recovery.wrapped);
        }
    }
    return out;
}

}  // namespace portcullis::codec
