#pragma once
// Messages about the gateway itself, and about what should not be (PS3.15 A.5.3.1, .11).

#include "gateway/audit/atna_facts.hpp"

namespace portcullis::audit::atna {

std::optional<Message> of_start(Facts&);
std::optional<Message> of_stop(Facts&);
std::optional<Message> of_association(Facts&);
std::optional<Message> of_failure(Facts&);
std::optional<Message> of_refusal(Facts&);
std::optional<Message> of_alert(Facts&);
std::optional<Message> of_warning(Facts&);
std::optional<Message> of_reload(Facts&);
std::optional<Message> of_grant(Facts&);
std::optional<Message> of_keys(Facts&);
std::optional<Message> of_checkpoint(Facts&);
std::optional<Message> of_registry(Facts&);

}  // namespace portcullis::audit::atna
