#include "gateway/registry/database.hpp"

#include <fcntl.h>
#include <soci/sqlite3/soci-sqlite3.h>

#include <algorithm>
#include <stdexcept>

#include "gateway/journal/file.hpp"

namespace portcullis::registry {

namespace fs = std::filesystem;
using soci::into;
using soci::use;

namespace {

State state_of(int value) {
    return static_cast<State>(value);
}

// Statements that bring the tables from version n to n + 1.
const std::vector<std::vector<std::string>>& migrations() {
    static const std::vector<std::vector<std::string>> all = {
        {
            "create table object("
            "id integer primary key, sop_instance text not null, time_ms bigint not null,"
            "envelope_id text not null, state integer not null, archive text not null,"
            "sop_class text not null, study text not null, series text not null,"
            "patient_id text not null, transfer_syntax text not null, envelope text not null)",
            "create index object_by_instance on object(sop_instance, time_ms)",
            "create index object_by_study on object(study, sop_class, transfer_syntax, time_ms)",
            "create index object_by_class on object(sop_class, transfer_syntax, time_ms) where state <> 2",
            "create table journal(next bigint not null)",
            "insert into journal values(0)",
        },
        {
            "create index object_by_envelope on object(envelope_id) where envelope_id <> ''",
        },
        {
            "create table commitment("
            "id integer primary key, transaction_uid text not null, archive text not null,"
            "scanner text not null, called text not null, known_as text not null,"
            "address text not null, time_ms bigint not null)",
            "create index commitment_by_transaction on commitment(known_as, transaction_uid)",
            "create index commitment_by_time on commitment(time_ms)",
        },
        {
            "alter table commitment add column peer text not null default ''",
        },
    };
    return all;
}

}  // namespace

fs::path sqlite_path(const std::string& url) {
    constexpr std::string_view scheme = "sqlite://";
    if (url.starts_with("postgresql:"))
        throw std::runtime_error("registry: PostgreSQL is not in this version; use sqlite:///absolute/path");
    if (!url.starts_with(scheme) || url.size() == scheme.size())
        throw std::runtime_error("registry: not a URL of a known kind; use sqlite:///absolute/path");
    const std::string path = url.substr(scheme.size());
    if (path.find_first_of("\"'?;\n") != std::string::npos)
        throw std::runtime_error("registry: " + path + ": quotes, ? and ; are not possible in the path");
    return path;
}

std::string message_of(const std::exception& error) {
    const auto* of_soci = dynamic_cast<const soci::soci_error*>(&error);
    return of_soci ? of_soci->get_error_message() : error.what();
}

void make_file(const fs::path& path) {
    if (path.has_parent_path()) journal::make_private_folder(path.parent_path());
    const journal::File made(path, O_RDWR | O_CREAT | O_NOFOLLOW);
}

void connect(soci::session& sql, const fs::path& path) {
    sql.open(soci::sqlite3, "dbname=\"" + path.string() + "\" timeout=30");
    std::string mode;
    sql << "pragma journal_mode=wal", into(mode);
    if (mode != "wal") throw std::runtime_error("the file system does not allow SQLite's write-ahead log");
    sql << "pragma synchronous=normal";
}

void migrate(soci::session& sql) {
    soci::transaction all(sql);
    sql << "create table if not exists version(version integer not null)";
    int rows = 0;
    sql << "select count(*) from version", into(rows);
    if (rows == 0) sql << "insert into version values(0)";
    std::size_t version = 0;
    int stored = 0;
    sql << "select version from version", into(stored);
    version = static_cast<std::size_t>(stored);
    if (version > migrations().size())
        throw std::runtime_error("its tables are of version " + std::to_string(version) +
                                 ", this program knows " + std::to_string(migrations().size()) +
                                 ": use a later one");
    for (; version < migrations().size(); ++version)
        for (const auto& statement : migrations()[version]) sql << statement;
    const int reached = static_cast<int>(version);
    sql << "update version set version = :v", use(reached);
    all.commit();
}

journal::Position applied(soci::session& sql) {
    long long next = 0;
    sql << "select next from journal", into(next);
    return static_cast<journal::Position>(next);
}

std::vector<Row> in_order(std::vector<StatedRow> stated) {
    std::stable_sort(stated.begin(), stated.end(), [](const StatedRow& a, const StatedRow& b) {
        const bool a_refused = a.state == State::refused;
        const bool b_refused = b.state == State::refused;
        return a_refused != b_refused ? b_refused : a.row.time_ms > b.row.time_ms;
    });
    std::vector<Row> rows;
    for (auto& entry : stated) rows.push_back(std::move(entry.row));
    return rows;
}

std::optional<Row> row_of_envelope(soci::session& sql, const std::string& envelope_id) {
    if (envelope_id.empty()) return std::nullopt;
    std::string sop_instance;
    soci::indicator found = soci::i_null;
    sql << "select sop_instance from object where envelope_id = :e and envelope_id <> ''"
           " order by id desc limit 1",
        into(sop_instance, found), use(envelope_id);
    if (!sql.got_data() || found != soci::i_ok) return std::nullopt;
    for (auto& stated : RowsOfInstance(sql).find(sop_instance))
        if (stated.row.envelope_id == envelope_id) return std::move(stated.row);
    return std::nullopt;
}

std::vector<Membership> memberships(soci::session& sql, const std::string& study) {
    std::string sop_instance, envelope_id;
    long long time = 0;
    int state = 0;
    soci::statement query =
        (sql.prepare
             << "select sop_instance, time_ms, envelope_id, state from object where study = :y order by id",
         into(sop_instance), into(time), into(envelope_id), into(state), use(study));
    query.execute();
    std::vector<Membership> found;
    while (query.fetch())
        found.push_back(
            {known_uid(sop_instance), static_cast<std::uint64_t>(time), envelope_id, state_of(state)});
    return found;
}

std::vector<Use> uses_of_class(soci::session& sql, const std::string& sop_class) {
    std::vector<Use> uses;
    std::string last;
    for (;;) {  // from one transfer syntax to the next in the index: a class may have millions of rows
        std::string next;
        soci::indicator found = soci::i_null;
        sql << "select min(transfer_syntax) from object"
               " where sop_class = :c and transfer_syntax > :l and state <> 2",
            into(next, found), use(sop_class), use(last);
        if (found != soci::i_ok) return uses;
        long long time = 0;
        sql << "select max(time_ms) from object"
               " where sop_class = :c and transfer_syntax = :n and state <> 2",
            into(time), use(sop_class), use(next);
        uses.push_back({next, static_cast<std::uint64_t>(time)});
        last = next;
    }
}

std::vector<Use> uses_in_study(soci::session& sql, const std::string& sop_class, const std::string& study) {
    std::string transfer_syntax;
    long long time = 0;
    soci::statement query =
        (sql.prepare << "select transfer_syntax, max(time_ms) from object"
                        " where study = :y and sop_class = :c and state <> 2 group by transfer_syntax",
         into(transfer_syntax), into(time), use(study), use(sop_class));
    query.execute();
    std::vector<Use> uses;
    while (query.fetch()) uses.push_back({transfer_syntax, static_cast<std::uint64_t>(time)});
    return uses;
}

std::vector<OpenIntent> open_intents(soci::session& sql, std::size_t most) {
    const auto rows = static_cast<long long>(most);
    std::string archive, sop_instance, study, series, envelope_id;
    long long time = 0;
    soci::statement query =
        (sql.prepare
             << "select archive, sop_instance, study, series, envelope_id, time_ms from object"
                " where id > (select coalesce(max(id), 0) from object) - :m and state = 0 order by id",
         into(archive), into(sop_instance), into(study), into(series), into(envelope_id), into(time),
         use(rows));
    query.execute();
    std::vector<OpenIntent> found;
    while (query.fetch())
        found.push_back(
            {archive, known_uid(sop_instance), study, series, envelope_id, static_cast<std::uint64_t>(time)});
    return found;
}

std::uint64_t count_rows(soci::session& sql) {
    long long count = 0;
    sql << "select count(*) from object", into(count);
    return static_cast<std::uint64_t>(count);
}

}  // namespace portcullis::registry
