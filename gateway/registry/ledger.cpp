#include "gateway/registry/ledger.hpp"

#include <map>
#include <stdexcept>

#include "gateway/registry/database.hpp"

namespace portcullis::registry {

using soci::into;
using soci::use;

struct Ledger::Impl {
    template <class Read>
    auto guarded(Read read) {
        try {
            return read();
        } catch (const std::exception& error) {
            throw std::runtime_error("registry: " + path.string() + ": " + message_of(error));
        }
    }

    explicit Impl(const std::string& url) : path(sqlite_path(url)) {
        if (!exists(url))
            throw std::runtime_error(
                "registry: " + path.string() +
                ": there is none; it comes with the first image, or by registry rebuild");
        guarded([&] { connect(sql, path); });
    }

    const std::filesystem::path path;
    soci::session sql;
};

Ledger::Ledger(const std::string& url) : impl_(std::make_unique<Impl>(url)) {}

Ledger::~Ledger() = default;

bool Ledger::exists(const std::string& url) {
    return std::filesystem::exists(sqlite_path(url));
}

std::vector<Row> Ledger::find(const std::string& sop_instance) const {
    return impl_->guarded([&] { return in_order(RowsOfInstance(impl_->sql).find(sop_instance)); });
}

std::vector<std::string> Ledger::studies(const std::string& archive) const {
    return impl_->guarded([&] {
        std::vector<std::string> studies;
        std::string study;
        soci::statement query = (impl_->sql.prepare << "select distinct study from object where archive = :a"
                                                       " and state <> 2 order by study",
                                 into(study), use(archive));
        query.execute();
        while (query.fetch()) studies.push_back(study);
        return studies;
    });
}

std::vector<Registered> Ledger::objects(const std::string& archive, const std::string& study) const {
    return impl_->guarded([&] {
        std::map<Uid, Registered> latest;
        std::string sop_instance, series, envelope_id;
        long long time = 0;
        int state = 0;
        soci::statement query =
            (impl_->sql.prepare << "select sop_instance, series, envelope_id, time_ms, state from object"
                                   " where study = :y and archive = :a and state <> 2 order by time_ms, id",
             into(sop_instance), into(series), into(envelope_id), into(time), into(state), use(study),
             use(archive));
        query.execute();
        while (query.fetch()) {
            const auto uid = known_uid(sop_instance);
            latest.insert_or_assign(uid,
                                    Registered{uid, series, envelope_id, static_cast<std::uint64_t>(time),
                                               static_cast<State>(state)});
        }
        std::vector<Registered> objects;
        for (auto& [uid, registered] : latest) objects.push_back(std::move(registered));
        return objects;
    });
}

}  // namespace portcullis::registry
