#pragma once
// Who writes records down. There is no other way from a record to the journal, so that nothing that would
// have to be hidden can be written by a way that forgot to.

#include "gateway/audit/audit.hpp"
#include "gateway/audit/identifiers.hpp"

namespace portcullis::audit {

/// Thread-safe.
class Scribe {
  public:
    explicit Scribe(Identifiers identifiers = {}) : identifiers_(std::move(identifiers)) {}
    /// For the journal. The time (RFC 3339, UTC, milliseconds) is taken here; number and hashes are added
    /// when it is written. Values that are not UTF-8 are kept byte for byte as \u00XX of ISO 8859-1.
    journal::Entry entry(Record) const;
    /// How its records name a UID that belongs to a patient.
    std::string uid(std::string_view text) const { return identifiers_.uid(text); }

  private:
    Identifiers identifiers_;
};

}  // namespace portcullis::audit
