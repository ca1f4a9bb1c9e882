#include "gateway/probe/probe.hpp"

#include <algorithm>
#include <chrono>

#include "gateway/base/counted.hpp"
#include "gateway/image/error.hpp"
#include "gateway/image/transfer_syntax.hpp"
#include "gateway/keys/passing_keys.hpp"
#include "gateway/probe/fetch.hpp"

namespace portcullis::probe {

namespace {

using Clock = std::chrono::steady_clock;

constexpr auto patience = std::chrono::seconds(60);  // for each message of the archive
constexpr auto longest = std::chrono::minutes(10);   // to fetch all
constexpr std::size_t most_in_vain = 3;  // objects after which an archive has shown that nothing comes back
constexpr auto limit = std::chrono::seconds(180);  // for each question in all

/// What was sent, plain or sealed, and how it fared.
struct Sent {
    Specimen specimen;
    std::optional<SealedObject> sealed;
    Trip trip;
    std::vector<scu::Object> returned;

    const scu::Object& object() const { return sealed ? sealed->object : specimen.object; }
};

std::vector<Sent> prepare(const StudyNames& names, const Means& means) {
    std::vector<Sent> all;
    for (auto& specimen : make_specimens(names, 1)) {
        Trip trip{specimen.name, specimen.object.transfer_syntax.str()};
        all.push_back({std::move(specimen), std::nullopt, std::move(trip), {}});
    }
    for (auto& specimen : make_specimens(names, static_cast<unsigned>(all.size()) + 1)) {
        auto sealed = seal(specimen.object, means);
        if (!sealed)
            throw std::runtime_error(specimen.name + " cannot be sealed: " + sealed.error().message());
        Trip trip{specimen.name, specimen.object.transfer_syntax.str()};
        all.push_back({std::move(specimen), std::move(*sealed), std::move(trip), {}});
    }
    return all;
}

std::size_t store(scu::Client& client, const StudyNames& names, std::vector<Sent>& all) {
    std::vector<scu::Object> objects;
    for (const auto& sent : all) objects.push_back(sent.object());
    std::vector<scu::StoreAnswer> answers;
    try {
        client.store(objects, answers);
    } catch (const scu::Failed& failed) {
        if (answers.empty()) throw;
        const auto& at = all[answers.size()];
        throw scu::Failed(std::string(failed.what()) + ", when it was sent " +
                          (at.sealed ? "sealed " : "plain ") + at.trip.name + " after " +
                          counted(answers.size(), "other object") + " of study " + names.study.str());
    }
    for (std::size_t i = 0; i < all.size(); ++i) all[i].trip.stored = answers[i];
    return static_cast<std::size_t>(
        std::count_if(all.begin(), all.end(), [](const Sent& sent) { return sent.trip.was_stored(); }));
}

/// First as it was sent, which is how the gateway takes it; then as the archive likes.
void fetch(Fetcher& fetcher, Sent& sent) {
    const auto& object = sent.object();
    for (const auto& choice :
         {scu::Choice{{object.transfer_syntax}}, scu::Choice{image::uncompressed_syntaxes()}}) {
        auto fetched = fetcher.object(object.sop_instance, choice);
        sent.returned = std::move(fetched.objects);
        sent.trip.trouble = fetched.said;
        if (!sent.returned.empty()) return;
    }
}

/// An archive that gives objects other UIDs still gives them, and their number in the series, with the study.
void fetch_missing(Fetcher& fetcher, std::vector<Sent>& all) {
    const auto is_missing = [](const Sent& sent) { return sent.trip.was_stored() && sent.returned.empty(); };
    if (std::none_of(all.begin(), all.end(), is_missing)) return;
    for (auto& object : fetcher.study(scu::Choice{image::uncompressed_syntaxes()}).objects) {
        const auto syntax = image::carried_transfer_syntax(object.transfer_syntax);
        const auto data_set =
            syntax ? read_data_set(object.data_set, *syntax) : Result<DataSet>(image::errc::malformed);
        if (!data_set) continue;
        const auto number = text_of(*data_set, instance_number);
        for (std::size_t i = 0; i < all.size(); ++i)
            if (is_missing(all[i]) && number == std::to_string(i + 1)) all[i].returned.push_back(object);
    }
}

std::optional<Observed> observed(Sent& sent) {
    if (sent.returned.empty()) return std::nullopt;
    auto seen = observe(sent.object(), sent.returned.front());
    if (seen) return std::move(*seen);
    sent.trip.trouble = "it came back damaged: " + seen.error().message();
    return std::nullopt;
}

Evidence evidence_of(std::vector<Sent>& all, const Means& means) {
    Evidence evidence;
    for (auto& sent : all) {
        sent.trip.observed = observed(sent);
        if (!sent.sealed) {
            evidence.plain.push_back(sent.trip);
            continue;
        }
        SealedTrip trip{sent.trip};
        if (!sent.returned.empty())
            trip.opening = open(sent.specimen.object, *sent.sealed, sent.returned.front(), means);
        evidence.sealed.push_back(std::move(trip));
    }
    return evidence;
}

/// Native plain ones once more, in whatever the archive has made of them.
std::vector<Observed> as_kept(Fetcher& fetcher, const std::vector<Sent>& all) {
    const scu::Choice choice{{}, scu::Choice::Else::as_it_is_kept};
    std::vector<Observed> kept;
    for (const auto& sent : all) {
        const auto& trip = sent.trip;
        if (sent.sealed || !trip.was_stored() || !trip.observed ||
            image::carried_transfer_syntax(sent.object().transfer_syntax)->encapsulated)
            continue;
        const auto fetched = fetcher.object(sent.object().sop_instance, choice);
        if (fetched.objects.empty()) continue;
        if (auto seen = observe(sent.object(), fetched.objects.front())) kept.push_back(std::move(*seen));
    }
    return kept;
}

double median(std::vector<double> values) {
    if (values.empty()) return 0;
    std::sort(values.begin(), values.end());
    return values[values.size() / 2];
}

}  // namespace

Report probe(const Settings& settings, const Archive& archive, const Codecs& codecs, const Say& say) {
    const keys::PassingKeys keys;
    const Means means{settings, codecs, keys, keys};
    const auto names = make_names();
    auto all = prepare(names, means);

    scu::Client client(settings, archive, patience, limit);
    say("sending " + counted(all.size(), "object") + " to " + client.where());
    const auto stored = store(client, names, all);
    scu::Retriever retriever(client);
    Fetcher fetcher(retriever, names);
    std::vector<double> seconds;
    std::size_t number = 0, in_vain = 0;
    const auto end = Clock::now() + longest;
    for (auto& sent : all) {
        say("fetching object " + std::to_string(++number) + " of " + std::to_string(all.size()));
        if (!sent.trip.was_stored()) continue;
        const auto began = Clock::now();
        if (began > end)
            throw scu::Failed(client.where() + ": it takes longer than 10 minutes to send them back");
        fetch(fetcher, sent);
        if (retriever.way().empty() && ++in_vain == most_in_vain)
            throw scu::Failed(client.where() + ": " + retriever.no_way());
        seconds.push_back(std::chrono::duration<double>(Clock::now() - began).count());
    }
    fetch_missing(fetcher, all);
    if (stored > 0 && retriever.way().empty()) throw scu::Failed(client.where() + ": " + retriever.no_way());
    auto evidence = evidence_of(all, means);
    evidence.as_kept = as_kept(fetcher, all);
    return {client.where(), retriever.way(), names, stored, median(std::move(seconds)), judge(evidence)};
}

}  // namespace portcullis::probe
