#include "gateway/registry/registry.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <stdexcept>

#include "gateway/registry/commitments.hpp"
#include "gateway/registry/database.hpp"
#include "gateway/registry/overlay.hpp"

namespace portcullis::registry {

namespace {

constexpr std::size_t readers = 4;

bool is(const StatedRow& stated, const Outcome& outcome) {
    return stated.row.time_ms == outcome.time_ms && stated.row.envelope_id == outcome.envelope_id;
}

void apply_to(std::vector<StatedRow>& rows, const Change& change) {
    if (const auto* row = std::get_if<Row>(&change)) {
        rows.insert(rows.begin(), {*row, State::intent});
        return;
    }
    const auto& outcome = std::get<Outcome>(change);
    for (auto& stated : rows)
        if (is(stated, outcome)) stated.state = outcome.state;
}

bool is_for(const Commitment& commitment, const std::string& archive, const AeTitle& known_as) {
    return commitment.archive == archive && commitment.known_as == known_as;
}

}  // namespace

std::vector<Bytes> envelopes_of(const std::vector<Row>& rows) {
    std::vector<Bytes> envelopes;
    std::set<std::string> seen;
    for (const auto& row : rows)
        if (!row.envelope.empty() && seen.insert(row.envelope_id).second) envelopes.push_back(row.envelope);
    return envelopes;
}

struct Registry::Impl {
    template <class Work>
    auto guarded(Work work) const {
        try {
            return work();
        } catch (const std::exception& error) {
            throw std::runtime_error("registry: " + path.string() + ": " + message_of(error));
        }
    }

    explicit Impl(const std::string& url) : path(sqlite_path(url)), pool(readers) {
        guarded([&] {
            make_file(path);
            connect(writer, path);
            migrate(writer);
            next = applied(writer);
            for (std::size_t i = 0; i < readers; ++i) {
                connect(pool.at(i), path);
                rows_of_instance.push_back(std::make_unique<RowsOfInstance>(pool.at(i)));
            }
            changes.emplace(writer);
        });
    }

    // One of the sessions for reading, as long as it lives.
    class Reading {
      public:
        explicit Reading(const Impl& impl) : impl_(impl), index_(impl.pool.lease()) {}
        ~Reading() { impl_.pool.give_back(index_); }
        Reading(const Reading&) = delete;
        Reading& operator=(const Reading&) = delete;
        soci::session& sql() { return impl_.pool.at(index_); }
        std::vector<StatedRow> rows_of(const Uid& sop_instance) {
            return impl_.rows_of_instance[index_]->find(sop_instance.str());
        }

      private:
        const Impl& impl_;
        const std::size_t index_;
    };

    // Reads the database at one moment: `read(reading, n)` sees every change before position n, and none from
    // there on. A change is dropped from the overlay only after it is in the database, so whoever looked at
    // the overlay first misses nothing.
    template <class Read>
    auto at_one_moment(Read read) const {
        return guarded([&] {
            Reading reading(*this);
            const soci::transaction moment(reading.sql());
            const auto position = applied(reading.sql());
            return read(reading, position);
        });
    }

    const std::filesystem::path path;
    mutable soci::connection_pool pool;                             // for reading
    std::vector<std::unique_ptr<RowsOfInstance>> rows_of_instance;  // of each of them
    soci::session writer;
    std::optional<Changes> changes;
    Overlay overlay;
    journal::Position next = 0;                  // of the thread that applies
    std::optional<journal::Position> preparing;  // of the thread that prepares, since it first did
};

Registry::Registry(const std::string& url) : impl_(std::make_unique<Impl>(url)) {}

Registry::~Registry() = default;

std::filesystem::path Registry::folder() const {
    return std::filesystem::absolute(impl_->path).parent_path();
}

void Registry::begin_at(journal::Position position) {
    if (position < impl_->next) throw std::logic_error("registry: has more than that already");
    impl_->guarded([&] { impl_->changes->set_applied(position); });
    impl_->next = position;
}

std::vector<Row> Registry::find(const Uid& sop_instance) const {
    const auto recent = impl_->overlay.of(sop_instance.str());
    if (recent.empty())  // as for nearly all that is stored: the database alone knows all
        return impl_->guarded([&] { return in_order(Impl::Reading(*impl_).rows_of(sop_instance)); });
    return impl_->at_one_moment([&](Impl::Reading& reading, journal::Position position) {
        auto rows = reading.rows_of(sop_instance);
        for (const auto& numbered : recent)
            if (numbered.position >= position) apply_to(rows, *numbered.change);
        return in_order(std::move(rows));
    });
}

std::optional<Row> Registry::find_envelope(const std::string& envelope_id) const {
    std::optional<Row> latest;
    for (const auto& numbered : impl_->overlay.all()) {
        const auto* row = std::get_if<Row>(numbered.change.get());
        if (row && !envelope_id.empty() && row->envelope_id == envelope_id) latest = *row;
    }
    if (latest) return latest;
    return impl_->at_one_moment([&](Impl::Reading& reading, journal::Position) {
        return row_of_envelope(reading.sql(), envelope_id);
    });
}

std::vector<std::string> Registry::transfer_syntaxes(const Uid& sop_class,
                                                     const std::vector<Uid>& studies) const {
    std::map<std::string, std::uint64_t> latest;
    const auto note = [&](const std::string& syntax, std::uint64_t time) {
        auto& known = latest[syntax];
        known = std::max(known, time);
    };
    for (const auto& numbered : impl_->overlay.all()) {
        const auto* row = std::get_if<Row>(numbered.change.get());
        if (!row || row->sop_class != sop_class) continue;
        const auto is_its_study = [&](const Uid& study) { return study.str() == row->study; };
        if (studies.empty() || std::any_of(studies.begin(), studies.end(), is_its_study))
            note(row->transfer_syntax, row->time_ms);
    }
    impl_->at_one_moment([&](Impl::Reading& reading, journal::Position) {
        auto& sql = reading.sql();
        if (studies.empty())
            for (const auto& used : uses_of_class(sql, sop_class.str()))
                note(used.transfer_syntax, used.time_ms);
        for (const auto& study : studies)
            for (const auto& used : uses_in_study(sql, sop_class.str(), study.str()))
                note(used.transfer_syntax, used.time_ms);
    });
    std::vector<std::string> syntaxes;
    for (const auto& [syntax, time] : latest) syntaxes.push_back(syntax);
    std::stable_sort(syntaxes.begin(), syntaxes.end(),
                     [&](const auto& a, const auto& b) { return latest[a] > latest[b]; });
    return syntaxes;
}

std::vector<Uid> Registry::instances_of_study(const Uid& study) const {
    const auto recent = impl_->overlay.all();
    return impl_->at_one_moment([&](Impl::Reading& reading, journal::Position position) {
        auto rows = memberships(reading.sql(), study.str());
        for (const auto& numbered : recent) {
            if (numbered.position < position) continue;
            if (const auto* row = std::get_if<Row>(numbered.change.get())) {
                if (row->study == study.str())
                    rows.push_back({row->sop_instance, row->time_ms, row->envelope_id, State::intent});
                continue;
            }
            const auto* outcome = std::get_if<Outcome>(numbered.change.get());
            if (!outcome) continue;
            for (auto& row : rows)
                if (row.sop_instance.str() == outcome->sop_instance && row.time_ms == outcome->time_ms &&
                    row.envelope_id == outcome->envelope_id)
                    row.state = outcome->state;
        }
        std::set<Uid> seen;
        std::vector<Uid> instances;
        for (const auto& row : rows)
            if (row.state != State::refused && seen.insert(row.sop_instance).second)
                instances.push_back(row.sop_instance);
        return instances;
    });
}

std::vector<OpenIntent> Registry::open_intents(std::size_t most) const {
    return impl_->guarded([&] { return registry::open_intents(Impl::Reading(*impl_).sql(), most); });
}

std::optional<Commitment> Registry::find_commitment(const std::string& archive, const Uid& transaction,
                                                    const AeTitle& known_as) const {
    std::optional<Commitment> latest;
    for (const auto& numbered : impl_->overlay.all()) {
        const auto* commitment = std::get_if<Commitment>(numbered.change.get());
        if (commitment && is_for(*commitment, archive, known_as) && commitment->transaction == transaction)
            latest = *commitment;
    }
    if (latest) return latest;
    return impl_->at_one_moment([&](Impl::Reading& reading, journal::Position) {
        return registry::find_commitment(reading.sql(), archive, transaction, known_as);
    });
}

bool Registry::has_commitment(const std::string& archive, const AeTitle& known_as) const {
    for (const auto& numbered : impl_->overlay.all()) {
        const auto* commitment = std::get_if<Commitment>(numbered.change.get());
        if (commitment && is_for(*commitment, archive, known_as)) return true;
    }
    return impl_->at_one_moment([&](Impl::Reading& reading, journal::Position) {
        return registry::has_commitment(reading.sql(), archive, known_as);
    });
}

std::uint64_t Registry::size() const {
    const auto recent = impl_->overlay.all();
    return impl_->at_one_moment([&](Impl::Reading& reading, journal::Position position) {
        const auto is_new_row = [&](const Numbered& numbered) {
            return numbered.position >= position && std::holds_alternative<Row>(*numbered.change);
        };
        const auto added = std::count_if(recent.begin(), recent.end(), is_new_row);
        return count_rows(reading.sql()) + static_cast<std::uint64_t>(added);
    });
}

void Registry::prepare(std::string& payload) {
    if (!impl_->preparing) impl_->preparing = impl_->next;
    impl_->overlay.add((*impl_->preparing)++, decode(payload));
}

void Registry::apply(const std::vector<std::pair<journal::Position, std::string>>& entries) {
    impl_->guarded([&] {
        soci::transaction transaction(impl_->writer);
        journal::Position next = impl_->next;
        for (const auto& [position, payload] : entries) {
            if (position != next++)
                throw std::runtime_error("the journal does not go on where the registry ends");
            impl_->changes->write(decode(payload));
        }
        impl_->changes->set_applied(next);
        transaction.commit();
        impl_->next = next;
    });
    impl_->overlay.drop_before(impl_->next);
}

void Registry::sync() {
    // SQLite syncs its write-ahead log with every commit when told so, and so all that was committed before.
    impl_->guarded([&] {
        impl_->writer << "pragma synchronous=full";
        impl_->changes->set_applied(impl_->next);
        impl_->writer << "pragma synchronous=normal";
    });
}

journal::Position Registry::next() const {
    return impl_->next;
}

}  // namespace portcullis::registry
