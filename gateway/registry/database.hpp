#pragma once
// The registry's tables. Bytes (envelopes, patient ids) are hex text, which every database keeps as it is.

#include <soci/soci.h>

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "gateway/registry/prepared.hpp"

namespace portcullis::registry {

/// The path in sqlite:///absolute or sqlite://relative. Throws std::runtime_error with one line for any other
/// URL, without repeating it: it may hold a password.
std::filesystem::path sqlite_path(const std::string& url);

/// What went wrong, without the values that SOCI repeats: they may name a patient.
std::string message_of(const std::exception&);

/// Makes the file, with mode 0600, if it is not there. Only before the first session of the process: closing
/// a file gives up the locks that SQLite holds on it.
void make_file(const std::filesystem::path& path);
void connect(soci::session& sql, const std::filesystem::path& path);
/// Brings the tables to this version. Throws std::runtime_error if they are of a later one.
void migrate(soci::session& sql);

/// How far the journal is applied.
journal::Position applied(soci::session& sql);

/// The current row first: the latest, `refused` ones last.
std::vector<Row> in_order(std::vector<StatedRow>);

/// The latest row with this envelope.
std::optional<Row> row_of_envelope(soci::session& sql, const std::string& envelope_id);

/// One row as far as it takes to know whether an object belongs to a study.
struct Membership {
    Uid sop_instance;
    std::uint64_t time_ms;
    std::string envelope_id;
    State state;
};
std::vector<Membership> memberships(soci::session& sql, const std::string& study);

struct Use {
    std::string transfer_syntax;
    std::uint64_t time_ms;  // of the latest row
};
/// Of rows that are not `refused`.
std::vector<Use> uses_of_class(soci::session& sql, const std::string& sop_class);
std::vector<Use> uses_in_study(soci::session& sql, const std::string& sop_class, const std::string& study);

/// Of the latest `most` rows.
std::vector<OpenIntent> open_intents(soci::session& sql, std::size_t most);

std::uint64_t count_rows(soci::session& sql);

}  // namespace portcullis::registry
