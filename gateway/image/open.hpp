#pragma once
// Opening in the stream: bytes of a sealed data set in, bytes of the original out. What is written to `out`
// once released() is true is safe to let go: every pixel byte is verified before it is written.
//
// The data set may come back in either native encoding, compressed without a loss (frames are decompressed
// one by one), with samples in planes or not, with fragments cut anew, with values made even and with or
// without its private block. Errors, from push() or finish():
// - wrong_instance: its SOP Instance UID is not the one that is expected;
// - context_differs: a unit verified but the image attributes are not the sealed ones, or pixels come in
//   another encoding than was sealed;
// - not_openable: no key, unknown signer, codec not allowed;
// - tampered: a unit does not verify, is missing or is too much, a frame does not decompress, or the block in
//   the object is another one;
// - not_sealed: no candidate opened the first unit, and the object holds no block of ours;
// - of the system: what has to be held cannot be (a full disk).
// Tampered and not_sealed cannot be told apart before the block has come: where no candidate opens the first
// unit, the rest is read without a byte going out, and finish() says which it is.

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "codec/object.hpp"
#include "gateway/base/bytes.hpp"
#include "gateway/base/error.hpp"
#include "gateway/image/identifiers.hpp"
#include "gateway/image/transfer_syntax.hpp"

namespace portcullis::image {

/// Envelopes that are tried; others are not looked at.
inline constexpr std::size_t most_candidates = 16;

struct OpenParameters {
    TransferSyntax transfer_syntax;   // of the data set as it comes back
    codec::ObjectIdentity identity;   // under which it was sealed: SOP UIDs of the command set
    std::vector<Bytes> envelopes;     // candidates: the current one first; at most 16 are tried
    const codec::Catalogue& allowed;  // codecs that may be opened; outlives the opener
    std::filesystem::path spool_folder = "/var/tmp";  // of an unlinked, encrypted file (spool.hpp)
    std::string renumbered_to = {};  // SOP Instance UID of the data set, if not that of the identity
};

struct Opened {
    codec::EnvelopeId id{};
    std::uint64_t units = 0;
    bool superseded = false;  // it was not the first candidate that opened it
    Identifiers identifiers;
    std::vector<std::uint32_t> differing;  // tags of the recorded context that came back changed, ascending
    std::vector<codec::Path> missing;      // sealed values that did not come back
    std::vector<codec::Path> edited;       // changed values that were edited since, and stay so
};

class Opener {
  public:
    virtual ~Opener() = default;
    /// Takes the next bytes; writes to `out` the opened data set. Header bytes are written before anything
    /// was verified: the caller holds them back until released().
    virtual Result<void> push(ByteView bytes, ByteSink& out) = 0;
    /// True once the first unit has verified and the bound context is the sealed one.
    virtual bool released() const = 0;
    /// True once a unit has verified: a gateway that is trusted sealed this object, whatever else is wrong
    /// with it.
    virtual bool verified() const = 0;
    /// Only when this succeeds may the end of the object be sent. An object without a single unit is released
    /// here, by the envelope in it.
    virtual Result<Opened> finish(ByteSink& out) = 0;
    /// What `out` gets, once released(): Explicit VR Little Endian where pixels that were sealed native came
    /// back compressed, else what came.
    virtual const TransferSyntax& written_in() const = 0;
    virtual const Identifiers& identifiers() const = 0;
    virtual const std::string& failure_detail() const = 0;
};

std::unique_ptr<Opener> make_opener(const OpenParameters&, const codec::OpeningKeys&);

/// Lets a data set pass unchanged while its identifiers are read: for objects that were never sealed, and for
/// the identifiers of a C-FIND, C-MOVE or C-GET request. The Sealer's interface, so that callers treat both
/// alike.
class Reader {
  public:
    virtual ~Reader() = default;
    virtual Result<void> push(ByteView bytes, ByteSink& out) = 0;
    virtual Result<void> finish() = 0;
    /// What was taken for an object that was never sealed may be one: the envelope in the first private block
    /// of ours that has passed. Empty if there is a block, but no envelope of at most 4 MiB in it; nullptr if
    /// there is none, or the reader does not care.
    virtual const Bytes* envelope() const { return nullptr; }
    /// Whether Image Comments says that the pixels are sealed; nothing while its place has not passed, or if
    /// the reader does not care.
    virtual std::optional<bool> marked() const { return std::nullopt; }
    /// The envelope id that the mark names, 32 hex digits; empty if there is none.
    virtual std::string marked_envelope() const { return {}; }
    virtual const Identifiers& identifiers() const = 0;
    virtual const std::string& failure_detail() const = 0;
};

std::unique_ptr<Reader> make_reader(const TransferSyntax&);

}  // namespace portcullis::image
