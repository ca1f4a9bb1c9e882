#pragma once
// What the journal carries for the registry.

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>

#include "gateway/registry/commitment.hpp"
#include "gateway/registry/registry.hpp"

namespace portcullis::registry {

/// A row's state becomes another. Names the row by object, time and envelope.
struct Outcome {
    std::string sop_instance;
    std::uint64_t time_ms;
    std::string envelope_id;
    State state;
};

using Change = std::variant<Row, Outcome, Commitment>;

/// Throws std::runtime_error if the payload is not one that put(), outcome() or asked() made.
Change decode(std::string_view payload);

/// Whether it changes what is known of this object.
bool is_of(const Change&, const std::string& sop_instance);

}  // namespace portcullis::registry
