#include "gateway/audit/atna.hpp"

#include <array>

#include "gateway/audit/atna_alert.hpp"
#include "gateway/audit/atna_transfer.hpp"

namespace portcullis::audit {

namespace {

struct Kind {
    std::string_view event;
    std::optional<atna::Message> (*message)(atna::Facts&);
};

constexpr std::array kinds{Kind{"start", atna::of_start},
                           Kind{"stop", atna::of_stop},
                           Kind{"association", atna::of_association},
                           Kind{"store", atna::of_store},
                           Kind{"retrieve", atna::of_retrieve},
                           Kind{"push", atna::of_push},
                           Kind{"query", atna::of_query},
                           Kind{"refusal", atna::of_refusal},
                           Kind{"failure", atna::of_failure},
                           Kind{"alert", atna::of_alert},
                           Kind{"warning", atna::of_warning},
                           Kind{"reload", atna::of_reload},
                           Kind{"grant", atna::of_grant},
                           Kind{"keys", atna::of_keys},
                           Kind{"checkpoint", atna::of_checkpoint},
                           Kind{"registry", atna::of_registry}};

}  // namespace

std::optional<std::string> atna_message(const Logged& logged, const Reporter& reporter) {
    const auto kind = std::find_if(kinds.begin(), kinds.end(),
                                   [&](const Kind& one) { return one.event == logged.record.event; });
    if (kind == kinds.end()) return std::nullopt;
    atna::Facts facts(logged, reporter);
    const auto message = kind->message(facts);
    return message ? std::optional(atna::written(*message, reporter.gateway_id)) : std::nullopt;
}

}  // namespace portcullis::audit
