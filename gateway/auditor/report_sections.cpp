#include "gateway/auditor/report_sections.hpp"

#include <algorithm>

#include "gateway/auditor/table.hpp"

namespace portcullis::auditor {

namespace {

using Row = std::vector<std::string>;

/// "14:05:00", of a time of the day.
std::string clock(const std::string& time) {
    return time.size() < 19 ? time : time.substr(11, 8);
}

std::string joined(const Row& words, const std::string& between) {
    std::string text;
    for (const auto& word : words)
        if (!word.empty()) text += (text.empty() ? "" : between) + word;
    return text;
}

std::string who(const audit::Logged& logged) {
    const auto user = logged.text("user");
    return joined({logged.text("calling_ae"), user.empty() ? "" : "(" + user + ")", logged.text("address")},
                  " ");
}

/// What a record says besides these values: "name value, name value".
std::string says(const audit::Logged& logged, const std::vector<std::string_view>& but) {
    Row words;
    for (const auto& [name, value] : logged.record.values) {
        const bool told = std::find(but.begin(), but.end(), name) != but.end();
        if (const auto text = logged.text(name); !told && !text.empty()) words.push_back(name + ' ' + text);
    }
    return joined(words, ", ");
}

Table table_of(const Tally& tally, std::vector<Column> columns) {
    columns.push_back({"times", true});
    columns.push_back({"first"});
    columns.push_back({"last"});
    Table table{std::move(columns), {}};
    for (const auto& [key, times] : tally.groups()) {
        auto row = key;
        row.insert(row.end(), {grouped(times.count), clock(times.first), clock(times.last)});
        table.rows.push_back(std::move(row));
    }
    return table;
}

template <class ToRow>
Table table_of(const Listed& listed, std::vector<Column> columns, ToRow to_row) {
    Table table{std::move(columns), {}};
    for (const auto& logged : listed.first) table.rows.push_back(to_row(logged));
    if (listed.count > listed.first.size())
        table.note = "And " + grouped(listed.count - listed.first.size()) +
                     " more, which portcullis audit search lists.";
    return table;
}

std::string none_or(std::uint64_t count, const std::string& none, const std::string& some) {
    return count == 0 ? none : some;
}

}  // namespace

Section retrieved(const Day& day) {
    Table table{{{"operation"},
                 {"who"},
                 {"user"},
                 {"sent to"},
                 {"studies", true},
                 {"patients", true},
                 {"opened", true},
                 {"left sealed", true},
                 {"never sealed", true},
                 {"withheld", true},
                 {"not taken", true},
                 {"bytes", true}},
                {}};
    for (const auto& [asker, access] : day.accesses)
        table.rows.push_back({asker.operation, asker.calling_ae, asker.user, asker.destination,
                              grouped(access.studies.size()), grouped(access.patients.size()),
                              grouped(access.opened), grouped(access.sealed), grouped(access.clear),
                              grouped(access.withheld), grouped(access.failed), grouped(access.bytes)});
    return {
        .title = "Who retrieved what",
        .lead = none_or(table.rows.size(), "Nobody retrieved anything.",
                        "Objects that left the archive through the gateway, by who asked. Opened: as they "
                        "were before they were sealed. Withheld by the gateway; not taken by the "
                        "destination. Bytes of what was delivered, as the archive sent it."),
        .tables = {table}};
}

Section absent(const Day& day) {
    const auto row = [](const audit::Logged& logged) {
        return Row{clock(logged.time),
                   who(logged),
                   logged.text("destination"),
                   logged.text("delivered"),
                   logged.text("withheld"),
                   logged.text("missing"),
                   logged.text("missing_instances")};
    };
    return {
        .title = "What did not come back",
        .lead = none_or(day.absent.count, "Every retrieval brought back all that the registry knows of it.",
                        "Retrievals of which objects were withheld by the gateway, or are missing: "
                        "registered, of a study that was asked for, and not sent by the archive."),
        .tables = {table_of(day.absent,
                            {{"time"},
                             {"who"},
                             {"sent to"},
                             {"delivered", true},
                             {"withheld", true},
                             {"missing", true},
                             {"missing instances"}},
                            row)}};
}

Section refused(const Day& day) {
    return {.title = "What was refused, and why",
            .lead = none_or(day.refusals.count(), "Nothing was refused.",
                            "Equal refusals are one line. What was withheld with an alert is among them."),
            .tables = {table_of(day.refusals,
                                {{"operation"}, {"who"}, {"address"}, {"why"}, {"rule"}, {"status"}})}};
}

Section alerts(const Day& day) {
    const auto row = [](const audit::Logged& logged) {
        return Row{clock(logged.time),   logged.text("reason"),      logged.text("detail"),
                   who(logged),          logged.text("destination"), logged.text("patient_id"),
                   logged.text("study"), logged.text("sop_instance")};
    };
    return {.title = "Alerts",
            .lead = none_or(day.alerts.count, "No alerts.", ""),
            .tables = {table_of(
                day.alerts,
                {{"time"}, {"what"}, {"detail"}, {"who"}, {"sent to"}, {"patient"}, {"study"}, {"instance"}},
                row)}};
}

Section exceptions(const Day& day) {
    const auto row = [](const audit::Logged& logged) {
        return Row{clock(logged.time), logged.record.event, who(logged),
                   says(logged, {"calling_ae", "user", "address"})};
    };
    return {.title = "Break-glass, budgets and grants",
            .lead = none_or(day.exceptions.count,
                            "Nobody broke the glass, no budget was used up, and nothing was granted.", ""),
            .tables = {table_of(day.exceptions, {{"time"}, {"event"}, {"who"}, {"what"}}, row)}};
}

std::string sealed_share(const Stored& stored) {
    const auto sealed = stored.sealed + stored.sealed_already;
    const auto all = sealed + stored.passed;
    if (all == 0) return "none";
    const auto permille = sealed * 1000 / all;
    return std::to_string(permille / 10) + (permille % 10 == 0 ? "" : "." + std::to_string(permille % 10)) +
           " %";
}

Section coverage(const Day& day) {
    const auto& stored = day.stored;
    std::vector<Share> shares = {{"sealed", stored.sealed, Tone::good},
                                 {"sealed already, passed as they came", stored.sealed_already, Tone::good},
                                 {"nothing to seal in them", stored.nothing_to_seal, Tone::plain},
                                 {"passed in the clear", stored.passed, Tone::bad}};
    Table table{{{"objects"}, {"count", true}}, {}};
    for (const auto& share : shares) table.rows.push_back({share.name, grouped(share.count)});
    table.rows.push_back({"refused by the gateway", grouped(stored.refused)});
    table.rows.push_back({"failed: not taken by the archive, or not answered", grouped(stored.failed)});
    table.rows.push_back({"unknown: a crash came before the answer", grouped(stored.unknown)});
    table.rows.push_back({"bytes stored, as they were sent", grouped(stored.bytes)});
    return {.title = "Coverage",
            .lead = none_or(stored.stored(), "Nothing was stored.",
                            "Of " + grouped(stored.stored()) + " stored objects " + sealed_share(stored) +
                                " of those with something to seal are sealed."),
            .bar = std::move(shares),
            .tables = {table}};
}

Section keys(const Day& day) {
    Table signers{{{"start"}, {"gateway"}, {"mode"}, {"current KEK"}, {"signer (Ed25519)"}}, {}};
    for (const auto& logged : day.service.first)
        if (logged.record.event == "start")
            signers.rows.push_back({clock(logged.time), logged.text("gateway"), logged.text("mode"),
                                    logged.text("kek"), logged.text("signer")});
    return {.title = "Keys used",
            .lead = none_or(day.keks.count() + signers.rows.size(), "No object was sealed on this day.", ""),
            .tables = {table_of(day.keks, {{"KEK that sealed"}}), signers}};
}

Section troubles(const Day& day) {
    return {.title = "Failures and warnings",
            .lead = none_or(day.failures.count() + day.warnings.count(), "None.", ""),
            .tables = {table_of(day.failures, {{"failure of"}, {"who"}, {"with"}, {"why"}}),
                       table_of(day.warnings, {{"warning"}, {"of"}})}};
}

Section observed(const Day& day) {
    return {.title = "Observed",
            .lead = "The gateway relayed everything as it came. What it would have done:",
            .tables = {table_of(day.observed, {{"operation"}, {"would"}, {"who"}})}};
}

Section service(const Day& day) {
    const auto row = [](const audit::Logged& logged) {
        return Row{clock(logged.time), logged.record.event, says(logged, {"kek", "signer"})};
    };
    return {.title = "Starts, stops and changes",
            .lead = none_or(day.service.count, "None: the gateway ran as it was, or did not run.", ""),
            .tables = {table_of(day.service, {{"time"}, {"event"}, {"what"}}, row)}};
}

namespace {

std::string verified(const Chain& chain) {
    if (!chain.fault().empty()) return "THE CHAIN OF THE DAY IS BROKEN: " + chain.fault() + ". ";
    if (chain.records() == 0) return "There is no record of this day to be verified. ";
    return "The chain of " + grouped(chain.records()) +
           " records was verified for this report, of all that stand in the files that may have some of this "
           "day: it is unbroken. " +
           (chain.confirmed() == 0
                ? ""
                : "Checkpoints that lie beside the log are of the same records, up to "
                  "record " +
                      grouped(chain.confirmed()) + "; their signatures were not looked at. ");
}

}  // namespace

Section integrity(const DayOfLog& read, const std::string& place) {
    const auto& sums = read.sums;
    auto lead = verified(read.chain);
    lead += sums.checkpoint_time.empty()
                ? "No checkpoint was made on this day. "
                : "The last checkpoint of the day speaks for all records up to the one that it numbers. ";
    lead +=
        "A chain alone does not show what somebody with all rights on this machine wrote anew; a checkpoint "
        "that "
        "was kept elsewhere does. To verify the whole log, by its chain, and against such a checkpoint and "
        "the "
        "gateway's key from elsewhere:";
    Section section{.title = "Checkpoint, and how to verify",
                    .lead = lead,
                    .commands = {"portcullis audit verify " + place,
                                 "portcullis audit verify " + place + " --checkpoint FILE --key FILE"}};
    if (!sums.checkpoint_time.empty()) {
        section.tables = {{{{"checkpoint"}, {"at record"}, {"root hash"}},
                           {{clock(sums.checkpoint_time), sums.checkpoint_size, sums.root_hash}}}};
        if (!sums.note.empty()) section.commands.push_back(sums.note);
    }
    return section;
}

}  // namespace portcullis::auditor
