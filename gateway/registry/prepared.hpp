#pragma once
// What every store asks and changes. A statement is prepared once for its session: preparing costs several
// times as much as running it.

#include <soci/soci.h>

#include <string>
#include <vector>

#include "gateway/registry/change.hpp"

namespace portcullis::registry {

struct StatedRow {
    Row row;
    State state;
};

/// A row as the table holds it: what statements are bound to.
struct RowText {
    std::string sop_instance, envelope_id, archive, sop_class, study, series, patient_id, transfer_syntax,
        envelope;
    long long time_ms = 0;
    int state = 0;
};

/// Throws std::runtime_error if the text of a column is none.
Uid known_uid(const std::string& text);

/// For a session whose tables are there, which it must not outlive. Throws std::exception.
class RowsOfInstance {
  public:
    explicit RowsOfInstance(soci::session& sql);
    RowsOfInstance(const RowsOfInstance&) = delete;
    RowsOfInstance& operator=(const RowsOfInstance&) = delete;

    /// All rows of an object, the latest first.
    std::vector<StatedRow> find(const std::string& sop_instance);

  private:
    RowText bound_;
    soci::statement query_;
};

/// Likewise.
class Changes {
  public:
    explicit Changes(soci::session& sql);
    Changes(const Changes&) = delete;
    Changes& operator=(const Changes&) = delete;

    void write(const Change& change);
    /// How far the journal is applied.
    void set_applied(journal::Position next);

  private:
    soci::session& sql_;
    RowText bound_;
    long long next_ = 0;
    soci::statement insert_;
    soci::statement update_;
    soci::statement advance_;
};

}  // namespace portcullis::registry
