#pragma once
#include <optional>
#include <string>

#include "gateway/base/names.hpp"

namespace portcullis::image {

/// What a data set says it is. Known as soon as the stream has passed (0020,000E): `complete` says so.
struct Identifiers {
    std::optional<Uid> sop_class;     // (0008,0016)
    std::optional<Uid> sop_instance;  // (0008,0018)
    std::optional<Uid> study;         // (0020,000D)
    std::optional<Uid> series;        // (0020,000E)
    std::string patient_id;           // (0010,0020), bytes as they came, without padding
    // Likewise, empty if absent; all known as soon as the stream has passed the last: `described` says so.
    std::string modality;     // (0008,0060)
    std::string institution;  // (0008,0080), the name
    std::string department;   // (0008,1040)
    bool described = false;
    bool complete = false;
};

}  // namespace portcullis::image
