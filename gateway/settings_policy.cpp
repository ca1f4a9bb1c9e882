// policy: the rules, and whether a rule can mean what it says.

#include <algorithm>

#include "gateway/base/has.hpp"
#include "gateway/settings_parts.hpp"

namespace portcullis::settings {

namespace {

using policy::Decision;
using policy::Operation;

constexpr std::size_t longest_institution = 128;  // bytes: 64 characters (LO) of most scripts

/// What may be decided of an operation, besides refusing it.
bool fits(Operation operation, Decision decision) {
    switch (decision) {
        case Decision::refuse:
            return true;
        case Decision::seal:
        case Decision::pass:
            return operation == Operation::store;
        case Decision::open:
        case Decision::sealed:
            return operation == Operation::retrieve || operation == Operation::push;
        case Decision::relay:
            return !policy::has_objects(operation);
    }
    return false;
}

const Choice<Operation>& operations() {
    static const Choice<Operation> choice = [] {
        Choice<Operation> made;
        for (const auto operation :
             {Operation::store, Operation::retrieve, Operation::push, Operation::echo, Operation::find,
              Operation::worklist, Operation::mpps, Operation::commitment, Operation::other})
            made.words.emplace_back(policy::name(operation), operation);
        return made;
    }();
    return choice;
}

const Choice<Decision>& decisions() {
    static const Choice<Decision> choice = [] {
        Choice<Decision> made;
        for (const auto decision : {Decision::seal, Decision::pass, Decision::open, Decision::sealed,
                                    Decision::relay, Decision::refuse})
            made.words.emplace_back(policy::name(decision), decision);
        return made;
    }();
    return choice;
}

/// from or to. `any` among them makes an empty condition. `archives`: they, and not peers, are named.
std::vector<std::string> read_parties(Section& rule, const std::string& key, const Names& names,
                                      bool archives) {
    std::vector<std::string> peers = names.peers;
    peers.insert(peers.end(), names.groups.begin(), names.groups.end());
    const auto& known = archives ? names.archives : peers;
    std::vector<std::string> parties;
    rule.read_list(key, most_items, parties, [&](const Value& one) -> std::optional<std::string> {
        auto name = read_text(one);
        if (!name || *name == "any" || has(known, *name)) return name;
        if (has(names.archives, *name))
            one.refuse(in_quotes(*name) + " is an archive, which only from of a push names",
                       "name peers or groups; the archive of a rule goes under archive");
        else if (has(peers, *name))
            one.refuse(in_quotes(*name) + " is no archive, and only archives push",
                       advice("", names.archives));
        else
            one.refuse(
                "there is no " + std::string(archives ? "archive " : "peer or group ") + in_quotes(*name),
                advice(*name, known));
        return std::nullopt;
    });
    if (has(parties, std::string("any"))) parties.clear();
    return parties;
}

/// A code string (CS, PS3.5 6.2).
std::optional<std::string> read_modality(const Value& value) {
    auto text = read_text(value);
    if (!text) return std::nullopt;
    const bool fits = text->size() <= 16 && std::all_of(text->begin(), text->end(), [](char c) {
                          return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
                      });
    if (fits) return text;
    value.refuse(in_quotes(*text) + " is no modality, so the rule would never match",
                 "write as in CT: up to 16 capital letters, digits and underscores");
    return std::nullopt;
}

std::optional<policy::NamePattern> read_institution(const Value& value) {
    const auto text = read_text(value);
    if (!text) return std::nullopt;
    const auto pattern =
        text->size() <= longest_institution ? policy::NamePattern::parse(*text) : std::nullopt;
    if (!pattern)
        value.refuse(in_quotes(*text) + " is no name of an institution",
                     "write up to 128 bytes, with an asterisk at most at the begin and the end");
    return pattern;
}

std::optional<policy::Hours> read_hours(const Value& value) {
    const auto text = read_text(value);
    if (!text) return std::nullopt;
    auto hours = policy::Hours::parse(*text);
    if (!hours)
        value.refuse(in_quotes(*text) + " is no window of time",
                     "write, in quotes, as in 07:00-19:00, 22:00-06:00 or mon-fri 07:00-19:00");
    return hours;
}

std::vector<std::string> read_archive_names(Section& rule, const Names& names) {
    std::vector<std::string> archives;
    rule.read_list("archive", most_items, archives, [&](const Value& one) -> std::optional<std::string> {
        auto name = read_text(one);
        if (!name) return std::nullopt;
        if (has(names.archives, *name)) return name;
        one.refuse("there is no archive " + in_quotes(*name), advice(*name, names.archives));
        return std::nullopt;
    });
    return archives;
}

/// Where one of them is written, its value; where it is not, the rule.
Value place_of(Section& rule, const std::string& key) {
    return rule.find(key).value_or(rule.value());
}

/// Whether every operation of the rule can be decided so.
bool check_decision(Section& section, const policy::Rule& rule) {
    const Value where = place_of(section, "decide");
    const std::string decided = in_quotes(std::string(policy::name(rule.decide)));
    if (rule.operations.empty() && rule.decide != Decision::refuse) {
        where.refuse("without operation the rule is about every operation, and " + decided + " is not",
                     "add operation");
        return false;
    }
    const auto unfit = std::find_if(rule.operations.begin(), rule.operations.end(),
                                    [&](Operation operation) { return !fits(operation, rule.decide); });
    if (unfit == rule.operations.end()) return true;
    where.refuse(
        decided + " does not fit operation " + std::string(policy::name(*unfit)),
        "store takes seal, pass or refuse; retrieve and push take open, sealed or refuse; the others take "
        "relay or refuse");
    return false;
}

/// Pixels are opened for those who are named, to those who are named, and for nobody else.
void check_opening(Section& section, const policy::Rule& rule) {
    if (rule.decide != Decision::open) return;
    if (rule.from.empty() && is_about_push_alone(rule)) {
        if (rule.archives.empty())
            place_of(section, "from").refuse("it would be opened whichever archive pushes", "name archives");
    } else if (rule.from.empty()) {
        place_of(section, "from")
            .refuse("opening for anybody would open for strangers", "name peers or groups");
    }
    if (rule.to.empty())
        place_of(section, "to").refuse("opening to anybody would open to strangers", "name peers or groups");
}

void check_destination(Section& section, const policy::Rule& rule) {
    const auto to = section.find("to");
    const bool sends =
        rule.operations.empty() || has(rule.operations, Operation::retrieve) || is_about_push(rule);
    if (to && !rule.to.empty() && !sends)
        to->refuse("only a retrieval or a push has a destination, so the rule would never match",
                   "remove to");
}

/// Whoever breaks the glass is seen: the alert names the rule.
void check_break_glass(Section& section, const policy::Rule& rule) {
    if (!rule.break_glass) return;
    const bool opens_retrievals = rule.decide == Decision::open && rule.operations.size() == 1 &&
                                  rule.operations.front() == Operation::retrieve;
    if (!opens_retrievals)
        place_of(section, "break_glass")
            .refuse("only a rule that opens retrievals can break the glass",
                    "write operation: retrieve and decide: open, or remove it");
    else if (!section.find("name"))
        place_of(section, "break_glass").refuse("the alert could not name the rule", "give the rule a name");
}

/// What only objects have is asked only of them.
void check_object_conditions(Section& section, const policy::Rule& rule) {
    const auto without =
        std::find_if_not(rule.operations.begin(), rule.operations.end(), policy::has_objects);
    if (without == rule.operations.end()) return;
    for (const char* key : {"modality", "institution"})
        if (const auto where = section.find(key))
            where->refuse("operation " + std::string(policy::name(*without)) +
                              " is about no object, so the rule would never match it",
                          "write a rule of its own for store, retrieve and push");
}

std::optional<policy::Rule> read_rule(const Value& value, std::size_t number, const Names& names,
                                      const Settings& settings) {
    Section section(value);
    policy::Rule rule;
    const std::size_t before = value.problems->count();
    rule.name = "rule " + std::to_string(number);
    section.read("name", rule.name, read_label);
    section.read_list("operation", most_items, rule.operations, operations());
    rule.from = read_parties(section, "from", names, is_about_push(rule));
    rule.to = read_parties(section, "to", names, false);
    rule.archives = read_archive_names(section, names);
    section.read_list("called", most_items, rule.called, read_title);
    section.read_list("sop_class", most_items, rule.sop_classes, read_uid);
    section.read_list("network", most_items, rule.networks, read_network);
    section.read_list("user", most_items, rule.users, read_label);
    rule.certificates = read_certificates(section);
    section.read_required("decide", rule.decide, decisions());
    section.read_list("modality", most_items, rule.modalities, read_modality);
    section.read_list("institution", most_items, rule.institutions, read_institution);
    section.read_list("hours", most_items, rule.hours, read_hours);
    section.read("break_glass", rule.break_glass, Choice<bool>{{{"true", true}, {"false", false}}});
    section.finish();
    if (value.problems->count() == before && check_decision(section, rule)) {
        check_opening(section, rule);
        check_destination(section, rule);
        check_object_conditions(section, rule);
        check_push(section, rule, settings);
        check_break_glass(section, rule);
    }
    return rule;
}

std::vector<policy::Rule> default_rules() {
    policy::Rule seal;
    seal.name = "default seal";
    seal.operations = {Operation::store};
    seal.decide = Decision::seal;
    policy::Rule relay;
    relay.name = "default relay";
    relay.operations = {Operation::echo, Operation::find,       Operation::worklist,
                        Operation::mpps, Operation::commitment, Operation::other};
    relay.decide = Decision::relay;
    return {seal, relay};
}

std::vector<policy::Rule> read_rules(const Value& value, const Names& names, const Settings& settings) {
    std::vector<std::string> taken;
    std::size_t number = 0;
    return read_each(value, 1000, [&](const Value& one) {
        auto rule = read_rule(one, ++number, names, settings);
        if (rule && std::find(taken.begin(), taken.end(), rule->name) != taken.end())
            one.refuse("there is a rule " + in_quotes(rule->name) + " already",
                       "give each rule a name of its own");
        if (rule) taken.push_back(rule->name);
        return rule;
    });
}

}  // namespace

void read_policy(Section& root, Settings& into, const Names& names) {
    into.rules = default_rules();
    const auto value = root.find("policy");
    if (!value) return;
    Section section(*value);
    if (const auto rules = section.find("rules")) into.rules = read_rules(*rules, names, into);
    if (const auto otherwise = section.find("default")) {
        const auto decision = decisions()(*otherwise);
        if (decision && decision != Decision::refuse)
            otherwise->refuse("the default decides whatever no rule names, so it can only refuse",
                              "write refuse, and a rule for what is allowed");
    }
    if (const auto budgets = section.find("budgets"))
        into.budgets = read_budgets(*budgets, names, into.rules);
    section.read("unregistered", into.pass_unregistered, Choice<bool>{{{"pass", true}, {"refuse", false}}});
    section.finish();
}

}  // namespace portcullis::settings
