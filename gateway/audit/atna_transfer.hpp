#pragma once
// Messages about instances on their way, and about what was asked for (PS3.15 A.5.3.3, .6, .7, .10).

#include "gateway/audit/atna_facts.hpp"

namespace portcullis::audit::atna {

/// Of a record of this service: store, retrieve or push.
std::optional<Message> of_store(Facts&);
std::optional<Message> of_retrieve(Facts&);
std::optional<Message> of_push(Facts&);
std::optional<Message> of_query(Facts&);

/// The instance that the record names, if it names one.
std::optional<Instances> named_instance(Facts&);

/// Of a request of this operation that failed, where the standard has a message for what it would have been.
std::optional<Message> of_failed(Facts&, const std::string& operation);

}  // namespace portcullis::audit::atna
