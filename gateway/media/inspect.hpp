#pragma once
// What can be told of a file: without a key what stands in its envelope, or what sealing would do to it; with
// one whether it holds, and what was changed.

#include <optional>

#include "codec/envelope.hpp"
#include "gateway/media/outcome.hpp"
#include "gateway/media/preview.hpp"
#include "gateway/media/treat.hpp"

namespace portcullis::media {

/// What an envelope says without a key.
struct EnvelopeFacts {
    codec::EnvelopeHead head;
    std::size_t size = 0;  // bytes
    std::vector<codec::Region> regions;
    std::uint64_t units = 0;
    std::vector<codec::Stanza> stanzas;
};

struct Inspection {
    std::filesystem::path path;
    State state = State::refused;  // already_sealed, not_sealed, directory or refused
    std::string reason = {};       // if it was refused
    std::uint64_t bytes = 0;
    std::string transfer_syntax = {};
    std::optional<EnvelopeFacts> envelope = {};
    std::optional<Preview> preview = {};                     // of what is not sealed and can be
    std::string obstacle = {};                               // why it could not be sealed
    std::optional<std::vector<codec::Change>> changes = {};  // of what is sealed, with keys that open it
    std::optional<bool> verified = {};                       // with keys
    std::string failure = {};                                // why it does not verify
    std::vector<std::uint32_t> differing = {};               // recorded attributes that are not as sealed
    std::vector<codec::Path> missing = {};                   // sealed values that are not there
    std::vector<codec::Path> edited = {};                    // changed values that were edited since

    bool good() const { return state != State::refused && verified.value_or(true); }
};

/// Without `means` nothing is verified, and what sealing would do is told by default. Called from several
/// threads at once.
Inspection inspect_file(const Job&, const Means*);

}  // namespace portcullis::media
