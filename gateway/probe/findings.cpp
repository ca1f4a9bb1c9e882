#include "gateway/probe/findings.hpp"

#include <algorithm>
#include <functional>

#include "gateway/dimse/hex.hpp"
#include "gateway/dimse/status.hpp"
#include "gateway/image/tags.hpp"
#include "gateway/probe/words.hpp"

namespace portcullis::probe {

namespace {

/// Of all plain objects that came back.
template <class T>
T worst(const Evidence& evidence, T Observed::*member, T best) {
    for (const auto& trip : evidence.plain)
        if (trip.observed) best = std::max(best, (*trip.observed).*member);
    return best;
}

bool any(const Evidence& evidence, const std::function<bool(const Observed&)>& holds) {
    return std::any_of(evidence.plain.begin(), evidence.plain.end(),
                       [&](const Trip& trip) { return trip.observed && holds(*trip.observed); });
}

Finding transfer_syntaxes(const Evidence& evidence) {
    std::vector<std::string> kept, not_taken, other;
    for (const auto& trip : evidence.plain) {
        if (!trip.stored)
            not_taken.push_back(trip.name);
        else if (!trip.was_stored())
            other.push_back(trip.name + " is refused with status " + dimse::hex(*trip.stored));
        else if (!trip.observed)
            other.push_back(trip.name + " does not come back: " + trip.trouble);
        else if (trip.observed->transfer_syntax != trip.syntax)
            other.push_back(trip.name + " comes back as " + syntax_name(trip.observed->transfer_syntax));
        else
            kept.push_back(trip.name);
    }
    std::vector<std::string> parts;
    if (!kept.empty()) parts.push_back("takes and gives back " + listed(kept));
    if (!not_taken.empty()) parts.push_back("does not accept " + listed(not_taken));
    parts.insert(parts.end(), other.begin(), other.end());
    if (not_taken.empty() && other.empty())
        return {"transfer syntaxes", Level::good, joined(parts, "; "), {}, {}};
    return {"transfer syntaxes", Level::note, joined(parts, "; "),
            "so it is with or without the gateway, which offers a scanner only what the archive accepts and "
            "hands over what the archive returns",
            "let scanners send what the archive keeps"};
}

Finding compression(const Evidence& evidence) {
    const std::string name = "compression";
    const bool changed =
        any(evidence, [](const Observed& seen) { return seen.pixels == PixelFate::changed || seen.lossy; });
    const auto& kept = evidence.as_kept;
    const auto compressed =
        std::find_if(kept.begin(), kept.end(), [](const Observed& seen) { return !seen.native; });
    const bool compresses = compressed != kept.end();
    const auto as = compresses ? " as " + syntax_name(compressed->transfer_syntax) : std::string();
    const bool lossy = std::any_of(kept.begin(), kept.end(), [](const Observed& seen) {
        return seen.lossy || is_lossy(seen.transfer_syntax);
    });
    if (changed || lossy)
        return {name, Level::bad, "changes pixel values: it compresses lossily" + as,
                "what is sealed is destroyed by it: no pixel of it could be opened again",
                "switch lossy compression on ingest off, for everything that comes from the gateway"};
    if (compresses)
        return {
            name, Level::condition, "compresses what comes uncompressed" + as + ", without loss",
            "what is sealed and comes back compressed is decompressed before it is opened",
            "switch ingest transcoding off, since what is sealed does not shrink; or make sure that it stays "
            "lossless"};
    if (any(evidence, [](const Observed& seen) { return seen.pixels == PixelFate::lost; }))
        return {name, Level::bad, "drops Pixel Data", "there is nothing left to open",
                "find out which rule of the archive removes it"};
    if (kept.empty())
        return {name, Level::note, "could not be seen: nothing came back as the archive keeps it",
                "whether it compresses what it stores is not known", "look in the archive's configuration"};
    return {name, Level::good, "does not recompress", {}, {}};
}

Finding high_bits(const Evidence& evidence) {
    const std::string name = "bits above Bits Stored";
    if (!any(evidence, [](const Observed& seen) { return seen.pixels == PixelFate::high_bits_lost; }))
        return {name, Level::good, "kept", {}, {}};
    return {
        name, Level::note, "lost",
        "scanners that hide overlays there lose them, sealed or not; sealed pixels are safe, since sealing "
        "sets Bits Stored to Bits Allocated",
        "nothing, unless scanners need those bits"};
}

Finding private_elements(const Evidence& evidence) {
    const std::string name = "private elements";
    switch (worst(evidence, &Observed::private_elements, Fate::kept)) {
        case Fate::kept:
            return {name, Level::good, "kept", {}, {}};
        case Fate::kept_as_un:
            return {name, Level::good, "kept; some come back as UN, which opens all the same", {}, {}};
        case Fate::changed:
            return {
                name, Level::condition, "changed",
                "an envelope that stands in an object is not to be relied on: the registry is needed to open",
                "back up the registry as you back up the keyring; keep durability: strict"};
        case Fate::lost:
            break;
    }
    return {
        name, Level::condition, "stripped",
        "the archive keeps no envelopes: only the registry has them, and a registry that is lost cannot be "
        "rebuilt from the archive",
        "back up the registry as you back up the keyring; keep durability: strict; or let the archive keep "
        "private elements of group 7FE1"};
}

Finding behind_pixel_data(const Evidence& evidence) {
    const std::string name = "elements behind Pixel Data";
    const auto group = worst(evidence, &Observed::trailing_group, Fate::kept);
    const auto padding = worst(evidence, &Observed::trailing_padding, Fate::kept);
    const std::string trailer =
        padding == Fate::kept ? "(FFFC,FFFC) is kept" : "(FFFC,FFFC) is dropped, which holds nothing";
    if (group <= Fate::kept_as_un) return {name, Level::good, "group 7FE1 is kept; " + trailer, {}, {}};
    return {name, Level::condition,
            std::string("group 7FE1 is ") + (group == Fate::lost ? "dropped; " : "changed; ") + trailer,
            "that is where the envelope stands: only the registry has it",
            "back up the registry as you back up the keyring; keep durability: strict"};
}

Finding fragments(const Evidence& evidence) {
    const std::string name = "fragments";
    const auto fate = worst(evidence, &Observed::fragments, FragmentFate::none);
    const auto table = worst(evidence, &Observed::offset_table, Fate::kept);
    const std::string tail = table == Fate::kept   ? "; the offset table is kept"
                             : table == Fate::lost ? "; the offset table is dropped"
                                                   : "; the offset table is rewritten";
    switch (fate) {
        case FragmentFate::none:
            return {name, Level::note, "nothing that is compressed came back as it was sent",
                    "what is said of compressed images here could not be tried", "see transfer syntaxes"};
        case FragmentFate::same:
            return {name, Level::good, "kept" + tail, {}, {}};
        case FragmentFate::recut:
            return {name, Level::note, "cut anew" + tail,
                    "sealed images open all the same, with the archive's fragments and offset table",
                    "nothing"};
        case FragmentFate::changed:
            break;
    }
    return {name, Level::condition, "other bytes than were sent, in the same transfer syntax" + tail,
            "it decodes and encodes compressed images again, which sealed ones do not survive",
            "switch that off; see what is said of sealed objects"};
}

Finding other_pixels(const Evidence& evidence) {
    const std::string name = "overlays and icons";
    const auto overlay = worst(evidence, &Observed::overlay, Fate::kept);
    const auto icon = worst(evidence, &Observed::icon, Fate::kept);
    if (overlay <= Fate::kept_as_un && icon <= Fate::kept_as_un) return {name, Level::good, "kept", {}, {}};
    std::vector<std::string> what;
    if (overlay > Fate::kept_as_un)
        what.push_back(overlay == Fate::lost ? "overlays dropped" : "overlays changed");
    if (icon > Fate::kept_as_un) what.push_back(icon == Fate::lost ? "icons dropped" : "icons changed");
    const bool changed = overlay == Fate::changed || icon == Fate::changed;
    return {name, Level::condition, joined(what, "; "),
            changed ? "a sealed object of which such a value was changed does not open"
                    : "images open without them, and the audit log has a warning each time",
            changed ? "let the archive leave them alone, or spare them: seal.regions.never"
                    : "nothing, if nobody needs them"};
}

Finding identifiers(const Evidence& evidence) {
    const std::string name = "identifiers";
    std::vector<std::uint32_t> tags;
    for (const auto& trip : evidence.plain)
        if (trip.observed)
            tags.insert(tags.end(), trip.observed->identifiers.begin(), trip.observed->identifiers.end());
    std::sort(tags.begin(), tags.end());
    tags.erase(std::unique(tags.begin(), tags.end()), tags.end());
    if (tags.empty()) return {name, Level::good, "kept", {}, {}};
    std::vector<std::string> names;
    for (const auto tag : tags) names.push_back(tag_name(tag));
    const auto found = "changes " + listed(names);
    if (std::find(tags.begin(), tags.end(), image::tag::sop_instance_uid) != tags.end())
        return {name, Level::bad, found,
                "a sealed object opens only under the SOP Instance UID under which it was sealed",
                "switch off whatever gives images new UIDs (coercion, de-identification on ingest)"};
    return {
        name, Level::condition, found,
        "objects that come back with another patient or study are opened with a warning, or refused, as the "
        "archive's `returned` says; a retrieval by the old identifiers finds nothing",
        "decide in the configuration: returned: {identifiers: warn}"};
}

Finding comments(const Evidence& evidence) {
    const std::string name = "Image Comments";
    if (worst(evidence, &Observed::comments, Fate::kept) <= Fate::kept_as_un)
        return {name, Level::good, "kept", {}, {}};
    return {name, Level::note, "not kept",
            "whoever opens a sealed image without the gateway is not told why it is noise",
            "nothing; seal.mark: false leaves Image Comments alone"};
}

std::vector<Finding> other_values(const Evidence& evidence) {
    std::vector<codec::Path> paths;
    for (const auto& trip : evidence.plain)
        if (trip.observed)
            paths.insert(paths.end(), trip.observed->others.begin(), trip.observed->others.end());
    std::sort(paths.begin(), paths.end());
    paths.erase(std::unique(paths.begin(), paths.end()), paths.end());
    if (paths.empty()) return {};
    constexpr std::size_t most = 12;
    std::vector<std::string> names;
    for (std::size_t i = 0; i < std::min(paths.size(), most); ++i)
        names.push_back(image::tag::name(paths[i]));
    const auto rest = paths.size() > most ? " and " + std::to_string(paths.size() - most) + " more" : "";
    return {{"other values", Level::note, "changed, added or dropped: " + joined(names, " ") + rest,
             "the archive does this to every image, sealed or not",
             "nothing, unless they are geometry or rescale, which the archive's `returned` decides about"}};
}

Finding sealed_objects(const Evidence& evidence) {
    const std::string name = "sealed objects";
    std::vector<std::string> open, refused, lost, broken;
    for (const auto& [trip, opening] : evidence.sealed) {
        if (!trip.stored) continue;
        if (!trip.was_stored())
            refused.push_back(trip.name + " (status " + dimse::hex(*trip.stored) + ")");
        else if (!opening)
            lost.push_back(trip.name + " does not come back: " + trip.trouble);
        else if (!opening->bit_for_bit())
            broken.push_back(trip.name + " does not open: " +
                             (opening->failure.empty() ? "its pixels differ" : opening->failure));
        else
            open.push_back(trip.name);
    }
    std::vector<std::string> parts;
    if (!open.empty()) parts.push_back("come back and open bit for bit: " + listed(open));
    if (!refused.empty()) parts.push_back("are refused: " + listed(refused));
    parts.insert(parts.end(), lost.begin(), lost.end());
    parts.insert(parts.end(), broken.begin(), broken.end());
    if (!lost.empty() || !broken.empty())
        return {name, Level::bad, joined(parts, "; "), "images that are sealed into this archive are lost",
                "do not seal into it before the cause is gone: see the other findings, and probe again"};
    if (open.empty())
        return {name, Level::bad, parts.empty() ? "none was accepted" : joined(parts, "; "),
                "nothing can be sealed into this archive", "see transfer syntaxes, and the archive's log"};
    if (!refused.empty())
        return {
            name, Level::condition, joined(parts, "; "),
            "the archive looks into compressed pixels and does not store what it cannot decode: scanners get "
            "its refusal",
            "let scanners send uncompressed, or switch that check off"};
    return {name, Level::good, joined(parts, "; "), {}, {}};
}

std::vector<Finding> envelopes(const Evidence& evidence) {
    std::size_t opened = 0, own = 0;
    for (const auto& sealed : evidence.sealed) {
        if (!sealed.opening) continue;
        ++opened;
        own += sealed.opening->own_envelope ? 1 : 0;
    }
    if (opened == 0) return {};
    const std::string name = "envelopes in objects";
    if (own == opened)
        return {{name, Level::good, "kept: a lost registry can be rebuilt from the archive", {}, {}}};
    return {{name, Level::condition, "kept in " + std::to_string(own) + " of " + std::to_string(opened),
             "the registry stays necessary: without it those objects do not open",
             "back up the registry as you back up the keyring; keep durability: strict"}};
}

}  // namespace

bool Trip::was_stored() const {
    return stored && (*stored == dimse::status::success || dimse::status::is_warning(*stored));
}

std::vector<Finding> judge(const Evidence& evidence) {
    std::vector<Finding> all = {sealed_objects(evidence)};
    const auto add = [&](std::vector<Finding> more) { all.insert(all.end(), more.begin(), more.end()); };
    add(envelopes(evidence));
    all.push_back(transfer_syntaxes(evidence));
    const bool any_back = any(evidence, [](const Observed&) { return true; });
    if (!any_back) return all;
    add({compression(evidence), high_bits(evidence), private_elements(evidence), behind_pixel_data(evidence),
         fragments(evidence), other_pixels(evidence), identifiers(evidence), comments(evidence)});
    add(other_values(evidence));
    return all;
}

Verdict verdict(const std::vector<Finding>& findings) {
    Level worst = Level::good;
    for (const auto& finding : findings) worst = std::max(worst, finding.level);
    if (worst == Level::bad) return Verdict::not_safe;
    return worst == Level::condition ? Verdict::with_conditions : Verdict::safe;
}

std::string_view name(Level level) {
    switch (level) {
        case Level::good:
            return "good";
        case Level::note:
            return "note";
        case Level::condition:
            return "condition";
        case Level::bad:
            return "bad";
    }
    return "unnamed";
}

std::string_view name(Verdict verdict) {
    switch (verdict) {
        case Verdict::safe:
            return "safe";
        case Verdict::with_conditions:
            return "safe with conditions";
        case Verdict::not_safe:
            return "not safe";
    }
    return "unnamed";
}

}  // namespace portcullis::probe
