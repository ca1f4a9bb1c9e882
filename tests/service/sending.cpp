#include "tests/service/sending.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <fstream>
#include <thread>
#include "gateway/audit/scribe.hpp"

namespace portcullis::service::test {

using namespace std::chrono_literals;

namespace {

constexpr SendingPace quick{.messages = 1000,
                            .time = 200ms,
                            .trial = 100,
                            .settle = 50ms,
                            .look = 5ms,
                            .first_retry = 20ms,
                            .longest_retry = 100ms};

std::vector<audit::Logged> all(const std::filesystem::path& folder) {
    std::vector<audit::Logged> records;
    audit::Reader reader(folder);
    while (const auto line = reader.next()) records.push_back(audit::parse(*line).value());
    return records;
}

}  // namespace

void WrittenLog::write(audit::Record record) {
    const std::lock_guard lock(mutex_);
    auto entry = audit::Scribe().entry(record);
    log_.prepare(entry.payload);
    log_.apply({{log_.next(), entry.payload}});
}

std::vector<audit::Logged> WrittenLog::failures() const {
    auto records = all(folder());
    std::erase_if(records, [](const audit::Logged& logged) { return logged.record.event != "failure"; });
    return records;
}

std::optional<std::string> WrittenLog::message(const audit::Logged& logged) {
    if (logged.record.event == "intent") return std::nullopt;
    return std::to_string(logged.seq) + " " + logged.record.event + " " + logged.text("what");
}

Sending::Sending(WrittenLog& log, Repository repository, std::shared_ptr<const tls::Context> tls)
    : log_(log),
      repository_(std::move(repository)),
      sender_(repository_, AuditQueue(log.folder(), repository_.where(), log.records(), WrittenLog::message),
              SenderSurroundings{[&log] { return log.records(); },
                                 [&log](audit::Record record) { log.write(std::move(record)); },
                                 [tls] { return tls; },
                                 {5s, 5s, 5s},
                                 metrics_},
              quick) {
    boost::asio::co_spawn(io_, sender_.run(), boost::asio::detached);
    running_ = std::async(std::launch::async, [this] { io_.run(); });
}

void Sending::finish() {
    sender_.finish();
    running_.get();
}

void Sending::kill() {
    if (!running_.valid()) return;
    io_.stop();
    running_.get();
}

std::uint64_t Sending::first() const {
    std::ifstream file(log_.folder() / ("syslog-" + repository_.where() + ".next"));
    std::uint64_t number = 0;
    file >> number;
    return number;
}

bool Sending::comes_to_rest(net::Clock::duration time) const {
    const auto deadline = net::Clock::now() + time;
    while (net::Clock::now() < deadline) {
        if (first() == log_.records() + 1) return true;
        std::this_thread::sleep_for(5ms);
    }
    return false;
}

double Sending::metric(const std::string& name, const std::string& more) const {
    const auto series =
        "\nportcullis_audit_syslog_" + name + "{" + more + "repository=\"" + repository_.where() + "\"} ";
    const auto text = metrics_.text();
    const auto found = text.find(series);
    return found == std::string::npos ? -1 : std::stod(text.substr(found + series.size()));
}

}  // namespace portcullis::service::test
