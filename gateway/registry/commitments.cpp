#include "gateway/registry/commitments.hpp"

#include <stdexcept>

#include "gateway/registry/prepared.hpp"

namespace portcullis::registry {

using soci::into;
using soci::use;

namespace {

AeTitle known_title(const std::string& text) {
    const auto title = AeTitle::parse(text);
    if (!title) throw std::runtime_error("a row has no valid AE title; the database was changed by others");
    return *title;
}

IpAddress known_address(const std::string& text) {
    const auto address = IpAddress::parse(text);
    if (!address) throw std::runtime_error("a row has no valid address; the database was changed by others");
    return *address;
}

void forget(soci::session& sql, std::uint64_t now_ms) {
    const auto oldest = static_cast<long long>(now_ms) - static_cast<long long>(commitments_kept_ms);
    const auto most = static_cast<long long>(most_commitments);
    sql << "delete from commitment where time_ms < :o", use(oldest);
    sql << "delete from commitment where id <= (select max(id) from commitment) - :m", use(most);
}

}  // namespace

void write(soci::session& sql, const Commitment& commitment) {
    const auto address = commitment.address.str();
    const auto time = static_cast<long long>(commitment.time_ms);
    sql << "insert into commitment(transaction_uid, archive, scanner, called, known_as, address, time_ms, "
           "peer)"
           " values(:t, :a, :s, :c, :k, :d, :m, :p)",
        use(commitment.transaction.str()), use(commitment.archive), use(commitment.scanner.str()),
        use(commitment.called.str()), use(commitment.known_as.str()), use(address), use(time),
        use(commitment.peer);
    forget(sql, commitment.time_ms);
}

std::optional<Commitment> find_commitment(soci::session& sql, const std::string& archive,
                                          const Uid& transaction, const AeTitle& known_as) {
    std::string scanner, called, address, peer;
    long long time = 0;
    sql << "select scanner, called, address, time_ms, peer from commitment"
           " where known_as = :k and transaction_uid = :t and archive = :a order by id desc limit 1",
        into(scanner), into(called), into(address), into(time), into(peer), use(known_as.str()),
        use(transaction.str()), use(archive);
    if (!sql.got_data()) return std::nullopt;
    return Commitment{transaction,
                      archive,
                      known_title(scanner),
                      known_title(called),
                      known_as,
                      known_address(address),
                      static_cast<std::uint64_t>(time),
                      peer};
}

bool has_commitment(soci::session& sql, const std::string& archive, const AeTitle& known_as) {
    long long id = 0;
    sql << "select id from commitment where known_as = :k and archive = :a limit 1", into(id),
        use(known_as.str()), use(archive);
    return sql.got_data();
}

}  // namespace portcullis::registry
