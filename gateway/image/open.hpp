#pragma once
// Opening in the stream: bytes of a sealed data set in, bytes of the original out. What is written to `out`
// after the first unit has verified() is safe to release: every pixel byte is verified before it is written.

#include <memory>
#include <string>
#include <vector>

#include "codec/object.hpp"
#include "gateway/base/bytes.hpp"
#include "gateway/base/error.hpp"
#include "gateway/image/identifiers.hpp"
#include "gateway/image/transfer_syntax.hpp"

namespace portcullis::image {

struct OpenParameters {
    TransferSyntax transfer_syntax;    // of the data set as it comes back
    codec::ObjectIdentity identity;    // SOP UIDs of the command set
    std::vector<Bytes> envelopes;      // candidates: the current one first; at most 16 are tried
    std::vector<std::string> allowed;  // codec ids
};

struct Opened {
    codec::EnvelopeId id{};
    std::uint64_t units = 0;
    bool superseded = false;  // it was not the first candidate that opened it
    Identifiers identifiers;
    std::vector<std::uint32_t> differing;  // tags of the recorded context that came back changed
};

class Opener {
  public:
    virtual ~Opener() = default;
    /// Takes the next bytes; writes to `out` the opened data set. Header bytes are written before anything
    /// was verified: the caller holds them back until released().
    virtual Result<void> push(ByteView bytes, ByteSink& out) = 0;
    /// True once the first unit has verified and the bound context is the sealed one.
    virtual bool released() const = 0;
    /// Errors: errc::tampered if a region is missing or incomplete. Only then may the end of the object be
    /// sent.
    virtual Result<Opened> finish(ByteSink& out) = 0;
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
    virtual const Identifiers& identifiers() const = 0;
    virtual const std::string& failure_detail() const = 0;
};

std::unique_ptr<Reader> make_reader(const TransferSyntax&);

}  // namespace portcullis::image
