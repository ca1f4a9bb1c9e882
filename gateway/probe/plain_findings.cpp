#include "gateway/probe/plain_findings.hpp"

#include <algorithm>
#include <set>

#include "gateway/dimse/hex.hpp"
#include "gateway/image/tags.hpp"
#include "gateway/probe/words.hpp"

namespace portcullis::probe {

namespace {

using Seen = std::vector<const Observed*>;

Seen what_came_back(const std::vector<Trip>& trips) {
    Seen seen;
    for (const auto& trip : trips)
        if (trip.observed) seen.push_back(&*trip.observed);
    return seen;
}

/// The worst fate of all, or the best there is if none has one.
template <class T>
T worst(const Seen& seen, T Observed::*member) {
    T worst{};
    for (const auto* object : seen) worst = std::max(worst, object->*member);
    return worst;
}

/// What any of them lists, each once.
template <class T>
std::set<T> union_of(const Seen& seen, std::vector<T> Observed::*member) {
    std::set<T> all;
    for (const auto* object : seen) all.insert((object->*member).begin(), (object->*member).end());
    return all;
}

bool has(const Seen& seen, PixelFate fate) {
    return std::any_of(seen.begin(), seen.end(),
                       [&](const Observed* object) { return object->pixels == fate; });
}

bool is_kept(Fate fate) {
    return fate <= Fate::kept_as_un;
}

std::string done_to(Fate fate) {
    return fate == Fate::lost ? "dropped" : "changed";
}

Finding transfer_syntaxes(const std::vector<Trip>& trips) {
    const std::string name = "transfer syntaxes";
    std::vector<std::string> kept, not_taken, other;
    for (const auto& trip : trips) {
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
    const auto found = clauses({{"takes and gives back ", kept}, {"does not accept ", not_taken}}, other);
    if (not_taken.empty() && other.empty()) return {name, Level::good, found};
    return {name, Level::note, found,
            "so it is with or without the gateway, which offers a scanner only what the archive accepts and "
            "hands over what the archive returns",
            "let scanners send what the archive keeps"};
}

Finding compression(const Seen& seen, const std::vector<Observed>& kept) {
    const std::string name = "compression";
    const auto compressed =
        std::find_if(kept.begin(), kept.end(), [](const Observed& object) { return !object.native; });
    const bool compresses = compressed != kept.end();
    const auto as = compresses ? " as " + syntax_name(compressed->transfer_syntax) : std::string();
    const bool lossy =
        worst(seen, &Observed::lossy) || std::any_of(kept.begin(), kept.end(), [](const Observed& object) {
            return object.lossy || is_lossy(object.transfer_syntax);
        });
    if (lossy || has(seen, PixelFate::changed))
        return {name, Level::bad, "changes pixel values: it compresses lossily" + as,
                "what is sealed is destroyed by it: no pixel of it could be opened again",
                "switch lossy compression on ingest off, for everything that comes from the gateway"};
    if (compresses)
        return {
            name, Level::condition, "compresses what comes uncompressed" + as + ", without loss",
            "what is sealed and comes back compressed is decompressed before it is opened",
            "switch ingest transcoding off, since what is sealed does not shrink; or make sure that it stays "
            "lossless"};
    if (has(seen, PixelFate::lost))
        return {name, Level::bad, "drops Pixel Data", "there is nothing left to open",
                "find out which rule of the archive removes it"};
    if (kept.empty())
        return {name, Level::note, "could not be seen: nothing came back as the archive keeps it",
                "whether it compresses what it stores is not known", "look in the archive's configuration"};
    return {name, Level::good, "does not recompress"};
}

Finding high_bits(const Seen& seen) {
    const std::string name = "bits above Bits Stored";
    if (!has(seen, PixelFate::high_bits_lost)) return {name, Level::good, "kept"};
    return {
        name, Level::note, "lost",
        "scanners that hide overlays there lose them, sealed or not; sealed pixels are safe, since sealing "
        "sets Bits Stored to Bits Allocated",
        "nothing, unless scanners need those bits"};
}

Finding private_elements(const Seen& seen) {
    const std::string name = "private elements";
    switch (worst(seen, &Observed::private_elements)) {
        case Fate::kept:
            return {name, Level::good, "kept"};
        case Fate::kept_as_un:
            return {name, Level::good, "kept; some come back as UN, which opens all the same"};
        case Fate::changed:
            return {
                name, Level::condition, "changed",
                "an envelope that stands in an object is not to be relied on: the registry is needed to open",
                keep_the_registry};
        case Fate::lost:
            break;
    }
    return {
        name, Level::condition, "stripped",
        "the archive keeps no envelopes: only the registry has them, and a registry that is lost cannot be "
        "rebuilt from the archive",
        keep_the_registry + "; or let the archive keep private elements of group 7FE1"};
}

Finding behind_pixel_data(const Seen& seen) {
    const std::string name = "elements behind Pixel Data";
    const auto group = worst(seen, &Observed::trailing_group);
    const auto padding = worst(seen, &Observed::trailing_padding);
    const std::string trailer =
        padding == Fate::kept ? "(FFFC,FFFC) is kept" : "(FFFC,FFFC) is dropped, which holds nothing";
    if (is_kept(group)) return {name, Level::good, "group 7FE1 is kept; " + trailer};
    return {name, Level::condition, "group 7FE1 is " + done_to(group) + "; " + trailer,
            "that is where the envelope stands: only the registry has it", keep_the_registry};
}

Finding fragments(const Seen& seen) {
    const std::string name = "fragments";
    const auto table = worst(seen, &Observed::offset_table);
    const std::string tail = table == Fate::kept   ? "; the offset table is kept"
                             : table == Fate::lost ? "; the offset table is dropped"
                                                   : "; the offset table is rewritten";
    switch (worst(seen, &Observed::fragments)) {
        case FragmentFate::none:
            return {name, Level::note, "nothing that is compressed came back as it was sent",
                    "what is said of compressed images here could not be tried", "see transfer syntaxes"};
        case FragmentFate::same:
            return {name, Level::good, "kept" + tail};
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

Finding other_pixels(const Seen& seen) {
    const std::string name = "overlays and icons";
    const auto overlay = worst(seen, &Observed::overlay);
    const auto icon = worst(seen, &Observed::icon);
    if (is_kept(overlay) && is_kept(icon)) return {name, Level::good, "kept"};
    std::vector<std::string> what;
    if (!is_kept(overlay)) what.push_back("overlays " + done_to(overlay));
    if (!is_kept(icon)) what.push_back("icons " + done_to(icon));
    const bool changed = overlay == Fate::changed || icon == Fate::changed;
    return {name, Level::condition, joined(what, "; "),
            changed ? "a sealed object of which such a value was changed does not open"
                    : "images open without them, and the audit log has a warning each time",
            changed ? "let the archive leave them alone, or spare them: seal.regions.never"
                    : "nothing, if nobody needs them"};
}

Finding identifiers(const Seen& seen) {
    const std::string name = "identifiers";
    const auto tags = union_of(seen, &Observed::identifiers);
    if (tags.empty()) return {name, Level::good, "kept"};
    std::vector<std::string> names;
    for (const auto tag : tags) names.push_back(tag_name(tag));
    const auto found = "changes " + listed(names);
    if (tags.contains(image::tag::sop_instance_uid))
        return {name, Level::bad, found,
                "a sealed object opens only under the SOP Instance UID under which it was sealed",
                "switch off whatever gives images new UIDs (coercion, de-identification on ingest)"};
    return {
        name, Level::condition, found,
        "objects that come back with another patient or study are opened with a warning, or refused, as the "
        "archive's `returned` says; a retrieval by the old identifiers finds nothing",
        "decide in the configuration: returned: {identifiers: warn}"};
}

Finding comments(const Seen& seen) {
    const std::string name = "Image Comments";
    if (is_kept(worst(seen, &Observed::comments))) return {name, Level::good, "kept"};
    return {name, Level::note, "not kept",
            "whoever opens a sealed image without the gateway is not told why it is noise",
            "nothing; seal.mark: false leaves Image Comments alone"};
}

std::vector<Finding> other_values(const Seen& seen) {
    const auto paths = union_of(seen, &Observed::others);
    if (paths.empty()) return {};
    constexpr std::size_t most = 12;
    std::vector<std::string> names;
    for (const auto& path : paths)
        if (names.size() < most) names.push_back(image::tag::name(path));
    const auto rest = paths.size() > most ? " and " + std::to_string(paths.size() - most) + " more" : "";
    return {{"other values", Level::note, "changed, added or dropped: " + joined(names, " ") + rest,
             "the archive does this to every image, sealed or not",
             "nothing, unless they are geometry or rescale, which the archive's `returned` decides about"}};
}

}  // namespace

std::vector<Finding> plain_findings(const Evidence& evidence) {
    const auto seen = what_came_back(evidence.plain);
    if (seen.empty()) return {transfer_syntaxes(evidence.plain)};
    std::vector<Finding> all = {transfer_syntaxes(evidence.plain),
                                compression(seen, evidence.as_kept),
                                high_bits(seen),
                                private_elements(seen),
                                behind_pixel_data(seen),
                                fragments(seen),
                                other_pixels(seen),
                                identifiers(seen),
                                comments(seen)};
    for (auto& finding : other_values(seen)) all.push_back(std::move(finding));
    return all;
}

}  // namespace portcullis::probe
