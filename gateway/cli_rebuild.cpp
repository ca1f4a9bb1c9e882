#include "gateway/cli_rebuild.hpp"

#include <algorithm>
#include <future>

#include "codec/envelope.hpp"
#include "gateway/base/hex.hpp"
#include "gateway/journal/recovery.hpp"
#include "gateway/media/refused.hpp"

namespace portcullis::cli {

namespace {

/// The row that the gateway made when it sealed this.
registry::Row row_of(const image::Identifiers& known, const Bytes& bytes, const std::string& archive) {
    if (!known.sop_class || !known.sop_instance) throw media::Refused("has no SOP Class or SOP Instance UID");
    const auto envelope = codec::parse_envelope(bytes);
    if (!envelope)
        throw media::Refused("its envelope cannot be read: " + std::string(codec::name(envelope.failure())));
    const auto text = [](const std::optional<Uid>& uid) { return uid ? uid->str() : std::string(); };
    return {archive,
            *known.sop_class,
            *known.sop_instance,
            text(known.study),
            text(known.series),
            known.patient_id,
            envelope->head.transfer_syntax,
            hex(envelope->head.id),
            bytes,
            envelope->head.origin.time_ms};
}

bool is_known(const registry::Registry& registry, const registry::Row& row) {
    const auto rows = registry.find(row.sop_instance);
    return std::any_of(rows.begin(), rows.end(),
                       [&](const auto& other) { return other.envelope_id == row.envelope_id; });
}

}  // namespace

Store::Store(const Settings& settings, bool all)
    : scribe(settings.hashed_identifiers ? audit::Identifiers::hashed(settings.keyring)
                                         : audit::Identifiers()),
      registry(settings.registry),
      audit_(settings.audit, {{settings.rotate.size, settings.rotate.age}, {}}),
      journal_(begin(settings, all)) {
    if (!gap_) return;
    append({scribe.entry(audit::Record("registry", {{"phase", std::string("gap")},
                                                    {"from", std::to_string(gap_->from)},
                                                    {"to", std::to_string(gap_->to)}}))});
}

void Store::append(std::vector<journal::Entry> entries) {
    std::promise<ErrorCode> written;
    journal_->append(std::move(entries), [&written](ErrorCode error) { written.set_value(error); });
    if (const auto error = written.get_future().get())
        throw std::runtime_error("the journal cannot be written: " + error.message());
}

/// A registry that is lost, or older than what the journal still knows, goes on from there.
std::unique_ptr<journal::Journal> Store::begin(const Settings& settings, bool all) {
    const auto oldest = journal::oldest(settings.journal);
    if (oldest && registry.next() < oldest->registry) {
        if (registry.size() > 0) {
            if (!all)
                throw std::runtime_error(
                    "registry: an old one, which lacks what was sealed between it and the journal; restore a "
                    "newer copy if there is one, or else rebuild from files, or from the archive with --all");
            gap_ = Gap{registry.next(), oldest->registry};
        }
        registry.begin_at(oldest->registry);
    }
    return std::make_unique<journal::Journal>(settings.journal, registry, audit_);
}

Found put_back(const image::Identifiers& known, const Bytes& envelope, const std::string& archive,
               Store& store) {
    const auto row = row_of(known, envelope, archive);
    if (is_known(store.registry, row)) return Found::known;
    const audit::Record record("registry", {{"phase", std::string("rebuild")},
                                            {"archive", archive},
                                            {"sop_instance", row.sop_instance.str()},
                                            {"study", row.study},
                                            {"patient_id", row.patient_id},
                                            {"envelope", row.envelope_id}});
    store.append({registry::put(row),
                  registry::outcome(row.sop_instance, row.time_ms, row.envelope_id, registry::State::stored),
                  store.scribe.entry(record)});
    return Found::added;
}

std::string Counts::text() const {
    std::string text;
    for (std::size_t i = 0; i < counts_.size(); ++i)
        text += (i > 0 ? ", " : "") + std::to_string(counts_[i]) + ' ' + std::string(found_names[i]);
    return text;
}

}  // namespace portcullis::cli
