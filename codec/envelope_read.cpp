#include <algorithm>

#include "codec/envelope.hpp"
#include "codec/envelope_layout.hpp"
#include "codec/path.hpp"

namespace portcullis::codec {

namespace {

/// The first failure of a parse; a reader that ran out of bytes is `malformed`.
using Check = Result<void>;

Check read_bound(WireReader& reader, BoundContext& bound) {
    const auto present = reader.number<std::uint16_t>();
    if (present & ~bound_bits) return Failure::malformed;
    std::size_t bit = 0;
    for (const auto member : bound_numbers) {
        if (present & 1u << bit++) bound.*member = reader.number<std::uint16_t>();
    }
    if (present & has_photometric_interpretation) bound.photometric_interpretation = reader.text();
    if (present & has_number_of_frames) {
        bound.number_of_frames = static_cast<std::int64_t>(reader.number<std::uint64_t>());
    }
    bound.encapsulated_transfer_syntax = reader.text();
    return {};
}

Check read_head(WireReader& reader, EnvelopeHead& head) {
    const auto mode = reader.number<std::uint8_t>();
    if (!reader.ok()) return Failure::malformed;
    const bool with_study_secret = mode == static_cast<std::uint8_t>(Mode::key_and_registry);
    if (!with_study_secret && mode != static_cast<std::uint8_t>(Mode::key)) return Failure::unsupported_mode;
    head.id = reader.array<16>();
    if (with_study_secret) head.study_secret = reader.array<16>();
    head.codec_id = reader.text();
    if (head.codec_id.size() > limits::codec_id) return Failure::over_limit;
    if (!reader.ok() || !is_codec_id(head.codec_id)) return Failure::malformed;
    head.codec_version = reader.number<std::uint16_t>();
    head.salt = reader.array<32>();
    head.commitment = reader.array<32>();
    head.signer = reader.array<32>();
    head.tenant = reader.text();
    head.origin.gateway_id = reader.text();
    head.origin.scanner_ae = reader.text();
    head.origin.time_ms = reader.number<std::uint64_t>();
    if (const auto bound = read_bound(reader, head.bound); !bound) return bound;
    head.transfer_syntax = reader.text();
    if (!reader.ok()) return Failure::malformed;
    return {};
}

struct RunHead {
    Path path;
    std::uint8_t kind = 0;
    std::uint32_t first_order = 0;
    std::uint32_t count = 0;
};

/// The memory of the path is used again from run to run.
Check read_run_head(WireReader& reader, RunHead& run) {
    if (const auto path = read_path(reader, run.path); !path) return path;
    run.kind = reader.number<std::uint8_t>();
    run.first_order = reader.number<std::uint32_t>();
    run.count = reader.number<std::uint32_t>();
    if (!reader.ok()) return Failure::malformed;
    return {};
}

bool is_region_kind(std::uint8_t kind) {
    return kind >= static_cast<std::uint8_t>(RegionKind::native) &&
           kind <= static_cast<std::uint8_t>(RegionKind::value);
}

/// Walks the lengths of one run, counting.
Check skip_run(WireReader& reader, RunHead& run, Envelope& envelope) {
    if (const auto head = read_run_head(reader, run); !head) return head;
    if (!is_region_kind(run.kind) || run.count == 0 || run.count - 1 > 0xFFFFFFFF - run.first_order) {
        return Failure::malformed;
    }
    envelope.region_count += run.count;
    if (envelope.region_count > limits::regions) return Failure::over_limit;
    for (std::uint32_t i = 0; i < run.count; ++i) {
        const std::uint64_t length = reader.varint();
        if (!reader.ok()) return Failure::malformed;
        if (length > limits::region_length) return Failure::over_limit;
        envelope.unit_count += units_of(length);
        if (envelope.unit_count > limits::units) return Failure::over_limit;
    }
    return {};
}

Check read_regions(WireReader& reader, Envelope& envelope) {
    const ByteSpan begin = reader.rest();
    const auto runs = reader.number<std::uint32_t>();
    if (!reader.ok()) return Failure::malformed;
    RunHead run;
    for (std::uint32_t i = 0; i < runs; ++i) {
        if (const auto skipped = skip_run(reader, run, envelope); !skipped) return skipped;
    }
    envelope.regions = begin.first(begin.size() - reader.remaining());
    return {};
}

Check read_tags_and_blob(WireReader& reader, Envelope& envelope) {
    if (envelope.unit_count > reader.remaining() / sizeof(Tag)) return Failure::malformed;
    envelope.tags = reader.bytes(envelope.unit_count * sizeof(Tag));
    envelope.blob_length = reader.number<std::uint32_t>();
    if (envelope.blob_length > limits::blob) return Failure::over_limit;
    envelope.sealed_blob = reader.bytes(envelope.blob_length + chunks_of(envelope.blob_length) * sizeof(Tag));
    return {};
}

Check read_body(WireReader& reader, Envelope& envelope) {
    const ByteSpan begin = reader.rest();
    const auto found = reader.bytes(magic.size());
    if (!std::equal(found.begin(), found.end(), magic.begin(), magic.end())) return Failure::malformed;
    const auto version = reader.number<std::uint16_t>();
    if (!reader.ok()) return Failure::malformed;
    if (version != envelope_version) return Failure::unknown_version;
    const auto length = reader.number<std::uint32_t>();
    if (length < body_prefix_size || length % 2 != 0) return Failure::malformed;

    WireReader body(reader.bytes(length - body_prefix_size));
    if (!reader.ok()) return Failure::malformed;
    if (const auto head = read_head(body, envelope.head); !head) return head;
    if (const auto regions = read_regions(body, envelope); !regions) return regions;
    if (const auto rest = read_tags_and_blob(body, envelope); !rest) return rest;
    const bool padded = (length - body.remaining()) % 2 != 0;
    if (padded && body.number<std::uint8_t>() != 0) return Failure::malformed;
    if (!body.ok() || body.remaining() != 0) return Failure::malformed;
    envelope.body = begin.first(length);
    return {};
}

template <class T, std::size_t N>
Stanza read_value(WireReader& value, std::array<std::uint8_t, N> T::*holder) {
    T stanza;
    stanza.*holder = value.array<N>();
    const ByteSpan wrapped = value.bytes(value.remaining());
    stanza.wrapped.assign(wrapped.begin(), wrapped.end());
    return stanza;
}

Check read_stanza(WireReader& reader, Envelope& envelope) {
    const auto type = static_cast<StanzaType>(reader.number<std::uint16_t>());
    WireReader value(reader.bytes(reader.number<std::uint16_t>()));
    if (!reader.ok()) return Failure::malformed;
    switch (type) {
        case StanzaType::kek:
            envelope.stanzas.push_back(read_value(value, &KekStanza::kek));
            break;
        case StanzaType::recovery:
            envelope.stanzas.push_back(read_value(value, &RecoveryStanza::certificate));
            break;
        default:
            return Failure::malformed;
    }
    if (!value.ok() || !is_well_formed(envelope.stanzas.back())) return Failure::malformed;
    return {};
}

Check read_stanzas(WireReader& reader, Envelope& envelope) {
    const ByteSpan begin = reader.rest();
    const auto count = reader.number<std::uint16_t>();
    if (count > limits::stanzas) return Failure::over_limit;
    if (count == 0) return Failure::malformed;
    for (unsigned i = 0; i < count; ++i) {
        if (const auto stanza = read_stanza(reader, envelope); !stanza) return stanza;
    }
    envelope.stanza_bytes = begin.first(begin.size() - reader.remaining());
    return {};
}

}  // namespace

bool is_codec_id(std::string_view id) {
    return !id.empty() && id.size() <= limits::codec_id && std::all_of(id.begin(), id.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
    });
}

Result<Envelope> parse_envelope(ByteSpan bytes) {
    if (bytes.size() > limits::envelope) return Failure::over_limit;
    WireReader reader(bytes);
    Envelope envelope;
    if (const auto body = read_body(reader, envelope); !body) return body.failure();
    envelope.signature = reader.array<64>();
    if (!reader.ok()) return Failure::malformed;
    if (const auto stanzas = read_stanzas(reader, envelope); !stanzas) return stanzas.failure();
    envelope.mac = reader.array<32>();
    if (!reader.ok() || reader.remaining() != 0) return Failure::malformed;
    return envelope;
}

std::vector<Region> decode_regions(const Envelope& envelope) {
    std::vector<Region> regions;
    regions.reserve(envelope.region_count);
    WireReader reader(envelope.regions);
    std::shared_ptr<const Path> path;
    RunHead run;
    for (auto runs = reader.number<std::uint32_t>(); runs > 0; --runs) {
        if (!read_run_head(reader, run)) break;
        if (!path || *path != run.path) path = std::make_shared<const Path>(run.path);
        for (std::uint32_t i = 0; i < run.count; ++i) {
            regions.push_back(
                {path, run.first_order + i, static_cast<RegionKind>(run.kind), reader.varint()});
        }
    }
    return regions;
}

}  // namespace portcullis::codec
