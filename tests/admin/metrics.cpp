// What monitoring reads, as the text that Prometheus parses.

#include "gateway/admin/metrics.hpp"

#include <catch2/catch.hpp>
#include <regex>
#include <sstream>
#include <thread>
#include <vector>

using portcullis::admin::Metrics;

namespace {

/// The value of one time series, as it stands in the text.
std::string value(const Metrics& metrics, const std::string& series) {
    std::istringstream text(metrics.text());
    for (std::string line; std::getline(text, line);)
        if (line.rfind(series + ' ', 0) == 0) return line.substr(series.size() + 1);
    return "absent";
}

}  // namespace

TEST_CASE("Associations are counted by role, open ones and all") {
    Metrics metrics;
    metrics.association_opened("ingress");
    metrics.association_opened("ingress");
    metrics.association_opened("egress");
    metrics.association_closed("ingress");
    metrics.association_rejected("limit");
    CHECK(value(metrics, R"(portcullis_associations_active{role="ingress"})") == "1");
    CHECK(value(metrics, R"(portcullis_associations_active{role="egress"})") == "1");
    CHECK(value(metrics, R"(portcullis_associations_total{role="ingress"})") == "2");
    CHECK(value(metrics, R"(portcullis_associations_rejected_total{reason="limit"})") == "1");
}

TEST_CASE("Sealed and opened objects are counted with their bytes, units and seconds") {
    Metrics metrics;
    metrics.object_sealed("main", 524288, 2, 0.02);
    metrics.object_sealed("main", 524288, 2, 0.3);
    metrics.object_opened("main", 100, 1, 0.5);
    metrics.object_refused("main", "bad_tag");
    metrics.object_warned("main", "attributes changed");
    metrics.title_only_opened();
    CHECK(value(metrics, R"(portcullis_sealed_objects_total{archive="main"})") == "2");
    CHECK(value(metrics, R"(portcullis_sealed_bytes_total{archive="main"})") == "1048576");
    CHECK(value(metrics, R"(portcullis_sealed_units_total{archive="main"})") == "4");
    CHECK(value(metrics, R"(portcullis_seal_seconds_count{archive="main"})") == "2");
    CHECK(value(metrics, R"(portcullis_seal_seconds_bucket{archive="main",le="0.025"})") == "1");
    CHECK(value(metrics, R"(portcullis_seal_seconds_bucket{archive="main",le="+Inf"})") == "2");
    CHECK(value(metrics, R"(portcullis_opened_bytes_total{archive="main"})") == "100");
    CHECK(value(metrics, R"(portcullis_open_seconds_sum{archive="main"})") == "0.5");
    CHECK(value(metrics, R"(portcullis_refused_objects_total{archive="main",reason="bad_tag"})") == "1");
    CHECK(value(metrics, R"(portcullis_warned_objects_total{archive="main",reason="attributes changed"})") ==
          "1");
    CHECK(value(metrics, "portcullis_title_only_opened_total") == "1");
}

TEST_CASE("Statuses are counted by class (PS3.7 annex C)") {
    const std::vector<std::pair<std::uint16_t, std::string>> classes = {
        {0x0000, "success"}, {0xFF00, "pending"}, {0xFF01, "pending"}, {0xFE00, "cancel"},
        {0x0001, "warning"}, {0x0107, "warning"}, {0x0116, "warning"}, {0xB000, "warning"},
        {0xBFFF, "warning"}, {0x0111, "failure"}, {0x0124, "failure"}, {0xA700, "failure"},
        {0xC000, "failure"}, {0xFF02, "failure"},
    };
    for (const auto& [status, name] : classes) {
        INFO(std::hex << status);
        Metrics metrics;
        metrics.response("store", status);
        CHECK(value(metrics, "portcullis_responses_total{class=\"" + name + "\",operation=\"store\"}") ==
              "1");
    }
}

TEST_CASE("Requests and commits of the journal are counted") {
    Metrics metrics;
    CHECK(value(metrics, "portcullis_title_only_opened_total") == "0");  // there before the first
    CHECK(value(metrics, "portcullis_journal_commit_seconds_count") == "0");
    metrics.request("retrieve", "refuse");
    metrics.journal_commit(12, 0.0003);
    CHECK(value(metrics, R"(portcullis_requests_total{decision="refuse",operation="retrieve"})") == "1");
    CHECK(value(metrics, "portcullis_journal_entries_total") == "12");
    CHECK(value(metrics, R"(portcullis_journal_commit_seconds_bucket{le="0.00025"})") == "0");
    CHECK(value(metrics, R"(portcullis_journal_commit_seconds_bucket{le="0.0005"})") == "1");
}

TEST_CASE("What would be done while the gateway observes is counted apart from what is done") {
    Metrics metrics;
    CHECK(value(metrics, "portcullis_observe") == "0");
    metrics.observing(true);
    CHECK(value(metrics, "portcullis_observe") == "1");
    metrics.observed("store", "seal");
    metrics.observed("store", "seal");
    metrics.observed("store", "refuse");
    CHECK(value(metrics, R"(portcullis_observed_total{operation="store",would="seal"})") == "2");
    CHECK(value(metrics, R"(portcullis_observed_total{operation="store",would="refuse"})") == "1");
    CHECK(metrics.text().find("portcullis_requests_total{") == std::string::npos);
}

TEST_CASE("Every line is a comment or a sample of portcullis, with a name that has a help") {
    Metrics metrics;
    metrics.association_opened("ingress");
    metrics.object_sealed("main", 1, 1, 1);
    metrics.object_refused("a \"quoted\" \\ name\n", "bad_tag");
    const std::regex sample(
        R"re(portcullis_[a-z_]+(\{[a-z]+="([^"\\]|\\.)*"(,[a-z]+="([^"\\]|\\.)*")*\})? [-+0-9.eInf]+)re");
    std::istringstream text(metrics.text());
    std::string line;
    int samples = 0;
    while (std::getline(text, line)) {
        INFO(line);
        if (line.rfind("# HELP portcullis_", 0) == 0 || line.rfind("# TYPE portcullis_", 0) == 0) continue;
        CHECK(std::regex_match(line, sample));
        ++samples;
    }
    CHECK(samples > 20);
}

TEST_CASE("Counting from several threads loses nothing") {
    Metrics metrics;
    std::vector<std::thread> threads;
    for (int i = 0; i < 4; ++i)
        threads.emplace_back([&] {
            for (int j = 0; j < 1000; ++j) metrics.object_sealed("main", 10, 1, 0.001);
        });
    for (auto& thread : threads) thread.join();
    CHECK(value(metrics, R"(portcullis_sealed_bytes_total{archive="main"})") == "40000");
}
