#include "gateway/probe/findings.hpp"

#include <algorithm>

#include "gateway/dimse/hex.hpp"
#include "gateway/dimse/status.hpp"
#include "gateway/probe/plain_findings.hpp"
#include "gateway/probe/words.hpp"

namespace portcullis::probe {

namespace {

Finding sealed_objects(const std::vector<SealedTrip>& trips) {
    const std::string name = "sealed objects";
    std::vector<std::string> open, refused, lost, broken;
    for (const auto& [trip, opening] : trips) {
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
    lost.insert(lost.end(), broken.begin(), broken.end());
    const auto found =
        clauses({{"come back and open bit for bit: ", open}, {"are refused: ", refused}}, lost);
    if (!lost.empty())
        return {name, Level::bad, found, "images that are sealed into this archive are lost",
                "do not seal into it before the cause is gone: see the other findings, and probe again"};
    if (open.empty())
        return {name, Level::bad, found.empty() ? "none was accepted" : found,
                "nothing can be sealed into this archive", "see transfer syntaxes, and the archive's log"};
    if (!refused.empty())
        return {
            name, Level::condition, found,
            "the archive looks into compressed pixels and does not store what it cannot decode: scanners get "
            "its refusal",
            "let scanners send uncompressed, or switch that check off"};
    return {name, Level::good, found};
}

std::vector<Finding> envelopes(const std::vector<SealedTrip>& trips) {
    std::size_t opened = 0, own = 0;
    for (const auto& sealed : trips) {
        if (!sealed.opening) continue;
        ++opened;
        own += sealed.opening->own_envelope ? 1 : 0;
    }
    if (opened == 0) return {};
    const std::string name = "envelopes in objects";
    if (own == opened) return {{name, Level::good, "kept: a lost registry can be rebuilt from the archive"}};
    return {{name, Level::condition, "kept in " + std::to_string(own) + " of " + std::to_string(opened),
             "the registry stays necessary: without it those objects do not open", keep_the_registry}};
}

}  // namespace

bool Trip::was_stored() const {
    return stored && (*stored == dimse::status::success || dimse::status::is_warning(*stored));
}

std::vector<Finding> judge(const Evidence& evidence) {
    std::vector<Finding> all = {sealed_objects(evidence.sealed)};
    for (const auto& part : {envelopes(evidence.sealed), plain_findings(evidence)})
        all.insert(all.end(), part.begin(), part.end());
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
