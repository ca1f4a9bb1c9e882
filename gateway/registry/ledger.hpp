#pragma once
// What the registry says that an archive holds, read beside a gateway that may be running.

#include <memory>
#include <string>
#include <vector>

#include "gateway/registry/registry.hpp"

namespace portcullis::registry {

/// The latest ingest of an object that was not refused.
struct Registered {
    Uid sop_instance;
    std::string series;
    std::string envelope_id;  // empty: nothing to seal
    std::uint64_t time_ms;
    State state;
};

class Ledger {
  public:
    /// Throws std::runtime_error with one line, as all of these do; also if there is no such registry.
    explicit Ledger(const std::string& url);
    /// Whether there is one: it comes with the first image.
    static bool exists(const std::string& url);
    ~Ledger();

    /// Study Instance UIDs of objects of this archive; an empty one if some have none.
    std::vector<std::string> studies(const std::string& archive) const;
    /// All rows of an object, the current one first.
    std::vector<Row> find(const std::string& sop_instance) const;
    std::vector<Registered> objects(const std::string& archive, const std::string& study) const;

  private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace portcullis::registry
