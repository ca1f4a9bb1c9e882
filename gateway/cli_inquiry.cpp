#include "gateway/cli_inquiry.hpp"

#include <algorithm>
#include <tuple>

#include "gateway/auditor/times.hpp"

namespace portcullis::cli {

namespace {

/// The titles that a name stands for in the configuration, and the name itself: a record has one or the
/// other. A title stands for itself.
std::vector<std::string> called(const std::string& name, const std::optional<Settings>& settings) {
    std::vector<std::string> names{name};
    if (!settings) return names;
    for (const auto& peer : settings->peers)
        if (peer.name == name)
            for (const auto& title : peer.ae_titles) names.push_back(title.str());
    return names;
}

/// Who may read the log need not be able to read the keys, as long as it has no hashes that are asked for.
std::optional<audit::Identifiers> key_of(const Settings& settings) {
    try {
        return audit::Identifiers::known_to(settings.keyring);
    } catch (const std::runtime_error&) {
        if (settings.hashed_identifiers) throw;
        return std::nullopt;
    }
}

std::optional<audit::Identifiers> key_of(const std::string& keyring) {
    auto key = audit::Identifiers::known_to(keyring);
    if (!key)
        throw std::runtime_error(keyring +
                                 ": has no audit-identifiers.key; name the keyring of the gateway that wrote "
                                 "the log");
    return key;
}

std::string check_time(const std::string& typed) {
    return auditor::first_moment(typed)
               ? ""
               : "'" + typed + "' is no time; write 2026-11-29 (UTC) or 2026-11-29T14:05:00+01:00";
}

}  // namespace

std::optional<Settings> Inquiry::settings() const {
    return config.empty() ? std::nullopt : std::optional(read_settings(config));
}

auditor::Search Inquiry::search() const {
    const auto configured = settings();
    auto asked = conditions;
    if (!peer.empty()) asked.peers = called(peer, configured);
    if (!from.empty()) asked.from = auditor::first_moment(from).value();
    if (!to.empty()) asked.to = auditor::last_moment(to).value();
    const auto named = std::find(auditor::outcome_names.begin(), auditor::outcome_names.end(), outcome);
    if (!outcome.empty())
        asked.outcome = static_cast<auditor::Outcome>(named - auditor::outcome_names.begin());
    std::optional<audit::Identifiers> hidden;
    if (!keyring.empty())
        hidden = key_of(keyring);
    else if (configured && asked.by_identifier())
        hidden = key_of(*configured);
    return {configured ? configured->audit : std::filesystem::path(log), std::move(asked), hidden};
}

void add_log(CLI::App& command, const std::shared_ptr<Inquiry>& inquiry) {
    auto& place = *command.add_option_group("place");
    place.add_option("--config", inquiry->config, "The configuration file")->type_name("FILE");
    place.add_option("--log", inquiry->log, "The folder of the log")->type_name("DIR");
    place.require_option(1);
}

void add_conditions(CLI::App& command, const std::shared_ptr<Inquiry>& inquiry) {
    add_log(command, inquiry);
    auto& asked = inquiry->conditions;
    command
        .add_option("--keyring", inquiry->keyring,
                    "With --log: the keyring that has the key of hashed identifiers")
        ->type_name("DIR")
        ->excludes(command.get_option("--config"));
    for (const auto& [option, value, what, type] :
         {std::tuple{"--patient", &asked.patient, "Of this Patient ID", "ID"},
          std::tuple{"--study", &asked.study, "Of this Study Instance UID", "UID"},
          std::tuple{"--instance", &asked.instance, "Of this SOP Instance UID", "UID"},
          std::tuple{"--peer", &inquiry->peer,
                     "Of this peer, by its name or an AE title: who called, asked or received", "NAME"},
          std::tuple{"--user", &asked.user, "Of this user, as confirmed by the archive", "NAME"},
          std::tuple{"--event", &asked.event, "Of this event: store, retrieve, alert, ...", "EVENT"}})
        command.add_option(option, *value, what)->type_name(type);
    for (const auto& [option, value, what] :
         {std::tuple{"--from", &inquiry->from, "Not before this time or day"},
          std::tuple{"--to", &inquiry->to, "Not after this time or day"}})
        command.add_option(option, *value, what)->type_name("TIME")->check(check_time);
    command.add_option("--outcome", inquiry->outcome, "Of this outcome")
        ->check(CLI::IsMember({"success", "failure", "refused", "alert"}));
    command.footer(
        "All conditions must hold. A time is RFC 3339 (2026-11-29T14:05:00+01:00), or a day of UTC "
        "(2026-11-29), all of which counts. With --config the name of a peer also stands for the AE titles "
        "that it has now.");
}

}  // namespace portcullis::cli
