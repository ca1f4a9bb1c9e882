#pragma once
// Specimens sealed as the gateway seals, under keys that live as long as the probe, and opened as the gateway
// opens.

#include "codec/object.hpp"
#include "gateway/probe/observe.hpp"
#include "gateway/probe/study.hpp"
#include "gateway/settings.hpp"

namespace portcullis::probe {

struct Means {
    const Settings& settings;
    const Codecs& codecs;
    const codec::SealingKeys& sealing_keys;
    const codec::OpeningKeys& opening_keys;
};

struct SealedObject {
    scu::Object object;
    Bytes envelope;  // what the registry keeps of it
};

/// Errors: as image::Sealer.
Result<SealedObject> seal(const scu::Object& original, const Means&);

struct Opening {
    std::string failure;                        // why it did not open; empty if it did
    bool own_envelope = false;                  // it would open without the registry, too
    std::optional<Observed> observed = {};      // the original and what was opened
    std::vector<std::uint32_t> differing = {};  // recorded attributes that came back changed
    std::vector<codec::Path> missing = {};      // sealed values that did not come back
    std::vector<codec::Path> edited = {};       // values that were edited meanwhile

    bool bit_for_bit() const { return failure.empty() && observed && observed->pixels == PixelFate::same; }
};

Opening open(const scu::Object& original, const SealedObject&, const scu::Object& returned, const Means&);

}  // namespace portcullis::probe
