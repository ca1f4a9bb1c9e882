#pragma once
// What monitoring reads. Counters that the service raises; no label carries patient data.

#include <cstdint>
#include <memory>
#include <string>

namespace portcullis::admin {

class Metrics {
  public:
    Metrics();
    ~Metrics();

    void association_opened(const std::string& role);  // ingress, egress
    void association_closed(const std::string& role);
    void association_rejected(const std::string& reason);
    void object_sealed(const std::string& archive, std::uint64_t bytes, std::uint64_t units, double seconds);
    void object_opened(const std::string& archive, std::uint64_t bytes, std::uint64_t units, double seconds);
    void object_refused(const std::string& archive, const std::string& reason);
    void object_warned(const std::string& archive, const std::string& reason);
    void request(const std::string& operation, const std::string& decision);
    void response(const std::string& operation,
                  std::uint16_t status);              // by class: success, warning, failure, ...
    void title_only_opened();                         // an opening that rests on an AE title alone
    void budget_exceeded(const std::string& budget);  // once, until usage has fallen
    void budget_refused();                            // a request or an object
    void glass_broken();                              // a request that nothing else opens
    void durability_batch(const std::string& archive);
    void observing(bool);  // the mode
    void observed(const std::string& operation, const std::string& would);
    void free_space(double bytes);
    void syslog_connected(const std::string& repository, bool);
    void syslog_queue(const std::string& repository, std::uint64_t records);  // not known to have arrived
    void syslog_sent(const std::string& repository);                          // a message, also once more
    void syslog_failed(const std::string& repository, const std::string& reason);
    void journal_commit(std::uint64_t entries, double seconds);

    /// Prometheus text format 0.0.4.
    std::string text() const;

  private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace portcullis::admin
