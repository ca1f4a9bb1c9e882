#pragma once
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "codec/object.hpp"

namespace portcullis::media {

/// What became of a file.
enum class State {
    sealed,
    already_sealed,   // under an envelope that our keys open
    nothing_to_seal,  // no region, and nothing that says something about pixels
    opened,
    not_sealed,  // no block of ours
    directory,   // a DICOMDIR
    done,        // an earlier run put the result at its destination
    refused,
};

std::string_view name(State);

struct Outcome {
    std::filesystem::path path;
    State state = State::refused;
    std::string reason = {};                         // if it was refused
    std::uint64_t bytes = 0;                         // of the file as it was
    std::optional<codec::EnvelopeId> envelope = {};  // sealed or opened now
    std::vector<std::uint32_t> differing = {};       // recorded attributes that are not as sealed
    std::vector<codec::Path> missing = {};           // sealed values that did not come back
    std::vector<codec::Path> edited = {};            // changed values that were edited since, and stay so
};

}  // namespace portcullis::media
