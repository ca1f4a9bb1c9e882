// inspect of files and folders.

#include <ctime>

#include "gateway/base/counted.hpp"
#include "gateway/cli_media.hpp"
#include "gateway/cli_text.hpp"
#include "gateway/image/tags.hpp"
#include "gateway/media/inspect.hpp"
#include "gateway/media/work.hpp"

namespace portcullis::cli {

namespace {

using media::EnvelopeFacts;
using media::Inspection;
using media::State;

constexpr std::size_t most_lines_for_people = 16;  // of regions, and of changes

std::string_view name(codec::Mode mode) {
    return mode == codec::Mode::key ? "key" : "key+registry";
}

std::string name(codec::RegionKind kind) {
    switch (kind) {
        case codec::RegionKind::native:
            return "native";
        case codec::RegionKind::fragment:
            return "fragment";
        case codec::RegionKind::value:
            return "value";
    }
    return "kind " + std::to_string(static_cast<unsigned>(kind));
}

std::string_view name(codec::Change::How how) {
    switch (how) {
        case codec::Change::How::taken_out:
            return "taken out";
        case codec::Change::How::replaced:
            return "replaced";
        case codec::Change::How::added:
            return "added";
    }
    return "unnamed";
}

/// RFC 3339, UTC, with milliseconds.
std::string time_text(std::uint64_t ms) {
    const auto seconds = static_cast<std::time_t>(ms / 1000);
    std::tm parts{};
    char text[64];
    if (!::gmtime_r(&seconds, &parts) || std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%S", &parts) == 0)
        return std::to_string(ms) + " ms";
    const auto fraction = std::to_string(1000 + ms % 1000);
    return text + ('.' + fraction.substr(1)) + 'Z';
}

struct NamedStanza {
    std::string type, id;
};

NamedStanza describe(const codec::Stanza& stanza) {
    if (const auto* kek = std::get_if<codec::KekStanza>(&stanza)) return {"kek", hex(kek->kek)};
    return {"recovery", hex(std::get<codec::RecoveryStanza>(stanza).certificate)};
}

Json to_json(const codec::Region& region) {
    return {{"path", image::tag::name(*region.path)},
            {"order", region.order},
            {"kind", name(region.kind)},
            {"bytes", region.length},
            {"units", codec::units_of(region.length)}};
}

/// Which value, and how much of it the sealed object does not tell; what it is stays sealed.
Json to_json(const codec::Change& change) {
    return {{"path", image::tag::name(change.path)},
            {"change", name(change.how)},
            {"bytes", change.original.size()}};
}

template <class T>
Json to_json(const std::vector<T>& all) {
    Json json = Json::array();
    for (const auto& one : all) json.push_back(to_json(one));
    return json;
}

Json to_json(const EnvelopeFacts& facts) {
    const auto& head = facts.head;
    Json json = {{"id", hex(head.id)},
                 {"bytes", facts.size},
                 {"mode", name(head.mode())},
                 {"codec", head.codec_id},
                 {"codec_version", head.codec_version},
                 {"signer", hex(head.signer)},
                 {"tenant", head.tenant},
                 {"gateway", head.origin.gateway_id},
                 {"scanner", head.origin.scanner_ae},
                 {"time", time_text(head.origin.time_ms)},
                 {"transfer_syntax", head.transfer_syntax},
                 {"units", facts.units},
                 {"regions", to_json(facts.regions)},
                 {"stanzas", Json::array()}};
    if (head.study_secret) json["study_secret"] = hex(*head.study_secret);
    for (const auto& stanza : facts.stanzas) {
        const auto named = describe(stanza);
        json["stanzas"].push_back({{"type", named.type}, {"key", named.id}});
    }
    return json;
}

Json to_json(const Inspection& found) {
    Json json = {{"path", found.path.string()},
                 {"state", found.state == State::already_sealed ? "sealed" : media::name(found.state)},
                 {"bytes", found.bytes},
                 {"transfer_syntax", found.transfer_syntax}};
    if (found.state == State::refused) json["reason"] = found.reason;
    if (found.envelope) json["envelope"] = to_json(*found.envelope);
    if (found.preview)
        json["would"] = {{"regions", to_json(found.preview->regions)},
                         {"changes", to_json(found.preview->changes)}};
    if (!found.obstacle.empty()) json["obstacle"] = found.obstacle;
    if (found.changes) json["changes"] = to_json(*found.changes);
    if (found.verified) json["verified"] = *found.verified;
    if (!found.failure.empty()) json["failure"] = found.failure;
    add_names(json, "differing", found.differing);
    add_names(json, "missing", found.missing);
    add_names(json, "edited", found.edited);
    return json;
}

/// Names from an envelope are anyone's bytes.
std::string shown(const std::string& text) {
    return text.empty() ? "-" : one_line(text);
}

/// The first of them; `print` ends no line.
template <class T, class Print>
void print_some(std::ostream& out, const std::vector<T>& all, const char* what, const Print& print) {
    const auto shown = std::min(all.size(), most_lines_for_people);
    for (std::size_t i = 0; i < shown; ++i) print(all[i]) << '\n';
    if (all.size() > shown)
        out << "  and              " << counted(all.size() - shown, what) << " more (all with --json)\n";
}

void print_regions(std::ostream& out, const char* label, const std::vector<codec::Region>& regions) {
    print_some(out, regions, "region", [&](const codec::Region& region) -> std::ostream& {
        return out << label << image::tag::name(*region.path) << ' ' << name(region.kind) << ' '
                   << region.order << ", " << region.length << " bytes, " << codec::units_of(region.length)
                   << " units";
    });
}

void print_changes(std::ostream& out, const char* label, const std::vector<codec::Change>& changes) {
    print_some(out, changes, "change", [&](const codec::Change& change) -> std::ostream& {
        return out << label << image::tag::name(change.path) << ' ' << name(change.how);
    });
}

void print_preview(std::ostream& out, const media::Preview& preview) {
    if (preview.regions.empty() && preview.changes.empty()) {
        out << "  would seal       nothing\n";
        return;
    }
    print_regions(out, "  would seal       ", preview.regions);
    print_changes(out, "  would change     ", preview.changes);
    out << "  readable         all else (--explain)\n";
}

void print_for_people(std::ostream& out, const EnvelopeFacts& facts) {
    const auto& head = facts.head;
    out << "  envelope         " << hex(head.id) << ", " << facts.size << " bytes\n"
        << "  mode             " << name(head.mode()) << '\n'
        << "  codec            " << shown(head.codec_id) << " version " << head.codec_version << '\n'
        << "  signer           " << hex(head.signer) << '\n'
        << "  tenant           " << shown(head.tenant) << '\n'
        << "  gateway          " << shown(head.origin.gateway_id) << '\n'
        << "  scanner          " << shown(head.origin.scanner_ae) << '\n'
        << "  time             " << time_text(head.origin.time_ms) << '\n'
        << "  transfer syntax  " << shown(head.transfer_syntax) << '\n';
    if (head.study_secret) out << "  study secret     " << hex(*head.study_secret) << '\n';
    print_regions(out, "  region           ", facts.regions);
    for (const auto& stanza : facts.stanzas) {
        const auto named = describe(stanza);
        out << "  key              " << named.type << ' ' << named.id << '\n';
    }
}

void print_for_people(const Terminal& terminal, const Inspection& found) {
    if (found.state == State::refused) return;
    auto& out = terminal.out;
    out << one_line(found.path.string()) << ": "
        << (found.state == State::already_sealed ? "sealed" : media::name(found.state)) << '\n';
    if (found.envelope) print_for_people(out, *found.envelope);
    if (found.preview) print_preview(out, *found.preview);
    if (!found.obstacle.empty()) out << "  cannot be sealed " << one_line(found.obstacle) << '\n';
    if (found.changes) print_changes(out, "  changed          ", *found.changes);
    if (found.verified.value_or(false))
        out << "  verified         commitment, MAC, signature, context, every unit\n";
    for (const auto tag : found.differing)
        out << "  differs          " << image::tag::name(tag) << " is not the value that was sealed\n";
    for (const auto& path : found.missing)
        out << "  missing          " << image::tag::name(path) << " was sealed and is not there\n";
    for (const auto& path : found.edited)
        out << "  edited           " << image::tag::name(path) << " was edited since it was sealed\n";
}

void tell(const Terminal& terminal, const Inspection& found) {
    if (terminal.json)
        print_line(terminal, to_json(found));
    else
        print_for_people(terminal, found);
    if (found.state == State::refused) terminal.complain(one_line(found.path.string() + ": " + found.reason));
    if (!found.verified.value_or(true))
        terminal.complain(one_line(found.path.string() + ": does not verify: " + found.failure));
}

int inspect_jobs(const Terminal& terminal, const std::vector<media::Job>& jobs, unsigned jobs_at_once,
                 const media::Means* means) {
    Progress progress(terminal);
    std::size_t number_told = 0;
    int status = done;
    media::InOrder<Inspection> inspections([&](const Inspection& found) {
        progress.say("");
        tell(terminal, found);
        if (!found.good()) status = failed;
        progress.say(bar(++number_told, jobs.size()));
    });
    media::do_in_parallel(jobs.size(), jobs_at_once, [&](std::size_t number) {
        inspections.put(number, media::inspect_file(jobs[number], means));
    });
    return status;
}

}  // namespace

int inspect_files(const Terminal& terminal, const MediaWork& work) {
    std::optional<Equipment> equipment;
    if (!work.config.empty() || !work.keyring.empty()) equipment.emplace(work);
    const auto means = equipment ? std::optional(equipment->means()) : std::nullopt;
    try {
        const auto jobs = media::make_plan(work.paths, std::nullopt);
        const auto* given = means ? &*means : nullptr;
        if (work.explain) explain(terminal, given);
        return inspect_jobs(terminal, jobs, threads(work), given);
    } catch (const media::UsageError& error) {
        terminal.complain(error.what());
        return wrong_usage;
    }
}

}  // namespace portcullis::cli
