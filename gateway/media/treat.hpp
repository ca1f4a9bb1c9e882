#pragma once
// Seals or opens one file.

#include <functional>
#include <string>
#include <vector>

#include "codec/codec.hpp"
#include "codec/keyholder.hpp"
#include "gateway/base/region_rules.hpp"
#include "gateway/image/open.hpp"
#include "gateway/media/commit.hpp"
#include "gateway/media/look.hpp"
#include "gateway/media/outcome.hpp"
#include "gateway/media/plan.hpp"

namespace portcullis::media {

/// What it takes to seal and to open. Outlives whatever uses it.
struct Means {
    const codec::SealingKeys& sealing_keys;
    const codec::OpeningKeys& opening_keys;
    const codec::Codec& codec;
    const codec::Catalogue& allowed;
    std::string tenant;
    std::string gateway_id;
    bool mark = true;  // in Image Comments of what is sealed
    RegionRules regions{};
    /// The envelopes that a registry has of an object, the current one first. Called from several threads at
    /// once; throws std::runtime_error. None: there is no registry.
    std::function<std::vector<Bytes>(const std::string& sop_instance)> registered{};
};

/// Called once for every file, on any thread.
using Tell = std::function<void(Outcome)>;
using Treat = void (*)(const Job&, const Means&, Committer&, Tell);

// Both are called from several threads at once.
void seal_file(const Job&, const Means&, Committer&, Tell);
void open_file(const Job&, const Means&, Committer&, Tell);

// What the two share; they throw Refused.

/// The file stays as it is: with an output it is copied there.
void leave(Source&, const Job&, State, Committer&, Tell);
/// Puts a complete file in its place.
void deliver(std::unique_ptr<NewFile>, const Source&, Outcome, Committer&, Tell);
/// Which envelope opens it: its own, or one of those that are registered. If none does, the first stays, to
/// tell why; if there is none at all, nothing does.
void choose_envelope(Source&, Looked&, const Means&);
/// Whether it is sealed, but without its block, which an archive may have stripped.
bool is_stripped(Source&, Looked, const Means&);
/// Whether something stands at the destination of a file that goes elsewhere.
bool is_there(const Job&);
[[noreturn]] void refuse_other(const Job&);
/// Opens a whole data set that holds an envelope.
image::Opened open_through(Source&, const Looked&, const Means&, ByteSink& out);
/// Whether it opens to what `other` is: byte for byte, or, deflated, to the same data set.
bool opens_to(Source&, const Looked&, const Means&, Source& other);
/// That its envelope opens and its first unit verifies.
void require_openable(Source&, const Looked&, const Means&);

/// Does `work`; what it refuses is told.
template <class Work>
void telling(const Job& job, const Tell& tell, const Work& work) {
    try {
        work();
    } catch (const std::exception& why) {  // Refused; no memory, OpenSSL's
        tell({job.source, State::refused, why.what()});
    }
}

}  // namespace portcullis::media
