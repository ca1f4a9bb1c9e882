#include "gateway/admin/metrics.hpp"

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>

namespace portcullis::admin {

namespace {

using prometheus::Counter;
using prometheus::Family;
using prometheus::Gauge;
using prometheus::Histogram;

Family<Counter>& counter(prometheus::Registry& registry, const char* name, const char* help) {
    return prometheus::BuildCounter().Name(name).Help(help).Register(registry);
}
Family<Gauge>& gauge(prometheus::Registry& registry, const char* name, const char* help) {
    return prometheus::BuildGauge().Name(name).Help(help).Register(registry);
}
Family<Histogram>& histogram(prometheus::Registry& registry, const char* name, const char* help) {
    return prometheus::BuildHistogram().Name(name).Help(help).Register(registry);
}

/// Seconds. An object takes from under a millisecond (a CT) to minutes (gigabytes to a slow destination).
const Histogram::BucketBoundaries object_seconds = {0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25,
                                                    0.5,   1,      2.5,   5,    10,    30,   60,  300};
/// Seconds. A sync takes from a tenth of a millisecond to what a failing disk takes.
const Histogram::BucketBoundaries commit_seconds = {0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01,
                                                    0.025,  0.05,    0.1,    0.25,  0.5,    1,     5};

/// PS3.7 annex C: the class of a status, which keeps the number of time series small.
const char* class_of(std::uint16_t status) {
    if (status == 0x0000) return "success";
    if (status == 0xFE00) return "cancel";
    if (status == 0xFF00 || status == 0xFF01) return "pending";
    const bool is_warning =
        status == 0x0001 || status == 0x0107 || status == 0x0116 || (status & 0xF000) == 0xB000;
    return is_warning ? "warning" : "failure";
}

/// What is counted alike for sealing and opening.
struct Work {
    Family<Counter>& objects;
    Family<Counter>& bytes;
    Family<Counter>& units;
    Family<Histogram>& seconds;

    void count(const std::string& archive, std::uint64_t size, std::uint64_t pieces, double took) {
        objects.Add({{"archive", archive}}).Increment();
        bytes.Add({{"archive", archive}}).Increment(static_cast<double>(size));
        units.Add({{"archive", archive}}).Increment(static_cast<double>(pieces));
        seconds.Add({{"archive", archive}}, object_seconds).Observe(took);
    }
};

}  // namespace

struct Metrics::Impl {
    prometheus::Registry registry;
    Family<Gauge>& active =
        gauge(registry, "portcullis_associations_active", "Associations that are open now");
    Family<Counter>& associations =
        counter(registry, "portcullis_associations_total", "Associations that were opened");
    Family<Counter>& rejected =
        counter(registry, "portcullis_associations_rejected_total", "Associations that were rejected");
    Work sealed = {
        counter(registry, "portcullis_sealed_objects_total", "Objects that were sealed"),
        counter(registry, "portcullis_sealed_bytes_total", "Bytes of pixels that were sealed"),
        counter(registry, "portcullis_sealed_units_total", "Units of pixels that were sealed"),
        histogram(registry, "portcullis_seal_seconds", "From the first byte of an object to its status")};
    Work opened = {
        counter(registry, "portcullis_opened_objects_total", "Objects that were opened"),
        counter(registry, "portcullis_opened_bytes_total", "Bytes of pixels that were opened"),
        counter(registry, "portcullis_opened_units_total", "Units of pixels that were opened"),
        histogram(registry, "portcullis_open_seconds", "From the first byte of an object to its status")};
    Family<Counter>& refused = counter(registry, "portcullis_refused_objects_total",
                                       "Objects that were not stored or not handed out");
    Family<Counter>& warned =
        counter(registry, "portcullis_warned_objects_total",
                "Objects that were handed out although the archive changed something in them");
    Family<Counter>& requests = counter(registry, "portcullis_requests_total", "DIMSE requests, as decided");
    Family<Counter>& responses =
        counter(registry, "portcullis_responses_total", "DIMSE responses, by class of their status");
    Counter& title_only = counter(registry, "portcullis_title_only_opened_total",
                                  "Openings for a peer that is known by its AE title alone")
                              .Add({});
    Family<Counter>& budget_exceeded =
        counter(registry, "portcullis_budget_exceeded_total", "Times that a budget was crossed");
    Counter& budget_refused = counter(registry, "portcullis_budget_refused_total",
                                      "Retrievals and objects that were refused since a budget was used up")
                                  .Add({});
    Counter& glass_broken =
        counter(registry, "portcullis_break_glass_total",
                "Retrievals that were opened with an alert, since nothing else opens them")
            .Add({});
    Family<Gauge>& batch = gauge(registry, "portcullis_durability_batch",
                                 "Archives to which objects go before their registry rows are on the disk");
    Gauge& observe = gauge(registry, "portcullis_observe",
                           "1: everything is relayed as it comes, nothing is sealed or refused")
                         .Add({});
    Family<Counter>& observed = counter(registry, "portcullis_observed_total",
                                        "DIMSE requests that were relayed, by what would be done");
    Gauge& free_space = prometheus::BuildGauge()
                            .Name("portcullis_free_space_bytes")
                            .Help("Left on the fullest disk of journal, audit log and registry")
                            .Register(registry)
                            .Add({});
    Family<Gauge>& syslog_connected =
        gauge(registry, "portcullis_audit_syslog_connected",
              "1: the audit record repository took the last connection, or what was sent to it");
    Family<Gauge>& syslog_queue =
        gauge(registry, "portcullis_audit_syslog_queue_records",
              "Audit records that are not known to have arrived at the audit record repository");
    Family<Counter>& syslog_sent = counter(registry, "portcullis_audit_syslog_sent_total",
                                           "Audit messages that were sent, repeats among them");
    Family<Counter>& syslog_failed = counter(registry, "portcullis_audit_syslog_failed_total",
                                             "Attempts to send audit messages that failed, by what failed");
    Counter& journal_entries =
        counter(registry, "portcullis_journal_entries_total", "Entries that became durable").Add({});
    Histogram& journal_commit =
        histogram(registry, "portcullis_journal_commit_seconds", "One write and sync of the journal")
            .Add({}, commit_seconds);
};

Metrics::Metrics() : impl_(std::make_unique<Impl>()) {}
Metrics::~Metrics() = default;

void Metrics::association_opened(const std::string& role) {
    impl_->active.Add({{"role", role}}).Increment();
    impl_->associations.Add({{"role", role}}).Increment();
}
void Metrics::association_closed(const std::string& role) {
    impl_->active.Add({{"role", role}}).Decrement();
}
void Metrics::association_rejected(const std::string& reason) {
    impl_->rejected.Add({{"reason", reason}}).Increment();
}
void Metrics::object_sealed(const std::string& archive, std::uint64_t bytes, std::uint64_t units,
                            double seconds) {
    impl_->sealed.count(archive, bytes, units, seconds);
}
void Metrics::object_opened(const std::string& archive, std::uint64_t bytes, std::uint64_t units,
                            double seconds) {
    impl_->opened.count(archive, bytes, units, seconds);
}
void Metrics::object_refused(const std::string& archive, const std::string& reason) {
    impl_->refused.Add({{"archive", archive}, {"reason", reason}}).Increment();
}
void Metrics::object_warned(const std::string& archive, const std::string& reason) {
    impl_->warned.Add({{"archive", archive}, {"reason", reason}}).Increment();
}
void Metrics::request(const std::string& operation, const std::string& decision) {
    impl_->requests.Add({{"decision", decision}, {"operation", operation}}).Increment();
}
void Metrics::response(const std::string& operation, std::uint16_t status) {
    impl_->responses.Add({{"class", class_of(status)}, {"operation", operation}}).Increment();
}
void Metrics::title_only_opened() {
    impl_->title_only.Increment();
}
void Metrics::budget_exceeded(const std::string& budget) {
    impl_->budget_exceeded.Add({{"budget", budget}}).Increment();
}
void Metrics::budget_refused() {
    impl_->budget_refused.Increment();
}
void Metrics::glass_broken() {
    impl_->glass_broken.Increment();
}
void Metrics::durability_batch(const std::string& archive) {
    impl_->batch.Add({{"archive", archive}}).Set(1);
}
void Metrics::observing(bool observing) {
    impl_->observe.Set(observing ? 1 : 0);
}
void Metrics::observed(const std::string& operation, const std::string& would) {
    impl_->observed.Add({{"operation", operation}, {"would", would}}).Increment();
}
void Metrics::free_space(double bytes) {
    impl_->free_space.Set(bytes);
}
void Metrics::syslog_connected(const std::string& repository, bool connected) {
    impl_->syslog_connected.Add({{"repository", repository}}).Set(connected ? 1 : 0);
}
void Metrics::syslog_queue(const std::string& repository, std::uint64_t records) {
    impl_->syslog_queue.Add({{"repository", repository}}).Set(static_cast<double>(records));
}
void Metrics::syslog_sent(const std::string& repository) {
    impl_->syslog_sent.Add({{"repository", repository}}).Increment();
}
void Metrics::syslog_failed(const std::string& repository, const std::string& reason) {
    impl_->syslog_failed.Add({{"reason", reason}, {"repository", repository}}).Increment();
}
void Metrics::journal_commit(std::uint64_t entries, double seconds) {
    impl_->journal_entries.Increment(static_cast<double>(entries));
    impl_->journal_commit.Observe(seconds);
}

std::string Metrics::text() const {
    return prometheus::TextSerializer().Serialize(impl_->registry.Collect());
}

}  // namespace portcullis::admin
