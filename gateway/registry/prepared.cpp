#include "gateway/registry/prepared.hpp"

#include <boost/algorithm/hex.hpp>
#include <iterator>
#include <stdexcept>

#include "gateway/base/hex.hpp"
#include "gateway/registry/commitments.hpp"

namespace portcullis::registry {

using soci::into;
using soci::use;

namespace {

template <class Out>
Out from_hex(const std::string& text) {
    Out bytes;
    bytes.reserve(text.size() / 2);
    boost::algorithm::unhex(text, std::back_inserter(bytes));
    return bytes;
}

RowText text_of(const Row& row) {
    return {.sop_instance = row.sop_instance.str(),
            .envelope_id = row.envelope_id,
            .archive = row.archive,
            .sop_class = row.sop_class.str(),
            .study = row.study,
            .series = row.series,
            .patient_id = hex(as_bytes(row.patient_id)),
            .transfer_syntax = row.transfer_syntax,
            .envelope = hex(row.envelope),
            .time_ms = static_cast<long long>(row.time_ms),
            .state = static_cast<int>(State::intent)};
}

StatedRow row_of(const RowText& text) {
    return {{text.archive, known_uid(text.sop_class), known_uid(text.sop_instance), text.study, text.series,
             from_hex<std::string>(text.patient_id), text.transfer_syntax, text.envelope_id,
             from_hex<Bytes>(text.envelope), static_cast<std::uint64_t>(text.time_ms)},
            static_cast<State>(text.state)};
}

}  // namespace

Uid known_uid(const std::string& text) {
    const auto uid = Uid::parse(text);
    if (!uid) throw std::runtime_error("a row has no valid UID; the database was changed by others");
    return *uid;
}

RowsOfInstance::RowsOfInstance(soci::session& sql)
    : query_((
          sql.prepare << "select archive, sop_class, study, series, patient_id, transfer_syntax, envelope_id,"
                         " envelope, time_ms, state from object where sop_instance = :i"
                         " order by time_ms desc, id desc",
          into(bound_.archive), into(bound_.sop_class), into(bound_.study), into(bound_.series),
          into(bound_.patient_id), into(bound_.transfer_syntax), into(bound_.envelope_id),
          into(bound_.envelope), into(bound_.time_ms), into(bound_.state), use(bound_.sop_instance))) {}

std::vector<StatedRow> RowsOfInstance::find(const std::string& sop_instance) {
    bound_.sop_instance = sop_instance;
    query_.execute();
    std::vector<RowText> texts;
    while (query_.fetch()) texts.push_back(bound_);  // to its end: SQLite holds a view open until then
    std::vector<StatedRow> rows;
    for (const auto& text : texts) rows.push_back(row_of(text));
    return rows;
}

Changes::Changes(soci::session& sql)
    : sql_(sql),
      insert_(
          (sql.prepare << "insert into object(sop_instance, time_ms, envelope_id, state, archive, sop_class,"
                          " study, series, patient_id, transfer_syntax, envelope)"
                          " values(:i, :t, :e, :s, :a, :c, :y, :r, :p, :x, :b)",
           use(bound_.sop_instance), use(bound_.time_ms), use(bound_.envelope_id), use(bound_.state),
           use(bound_.archive), use(bound_.sop_class), use(bound_.study), use(bound_.series),
           use(bound_.patient_id), use(bound_.transfer_syntax), use(bound_.envelope))),
      update_((sql.prepare << "update object set state = :s"
                              " where sop_instance = :i and time_ms = :t and envelope_id = :e",
               use(bound_.state), use(bound_.sop_instance), use(bound_.time_ms), use(bound_.envelope_id))),
      advance_((sql.prepare << "update journal set next = :n", use(next_))) {}

void Changes::write(const Change& change) {
    if (const auto* row = std::get_if<Row>(&change)) {
        bound_ = text_of(*row);
        insert_.execute(true);
        return;
    }
    if (const auto* commitment = std::get_if<Commitment>(&change))
        return registry::write(sql_, *commitment);  // rare enough to be prepared each time
    const auto& outcome = std::get<Outcome>(change);
    bound_.sop_instance = outcome.sop_instance;
    bound_.time_ms = static_cast<long long>(outcome.time_ms);
    bound_.envelope_id = outcome.envelope_id;
    bound_.state = static_cast<int>(outcome.state);
    update_.execute(true);
}

void Changes::set_applied(journal::Position next) {
    next_ = static_cast<long long>(next);
    advance_.execute(true);
}

}  // namespace portcullis::registry
