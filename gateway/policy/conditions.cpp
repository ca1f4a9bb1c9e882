#include "gateway/policy/conditions.hpp"
#include "gateway/base/has.hpp"

#include <algorithm>
#include <functional>

namespace portcullis::policy {

namespace {

// PS3.6 table A-1: the classes of Query/Retrieve, which no object has.
constexpr std::string_view query_retrieve = "1.2.840.10008.5.1.4.1.2.";

Holds when(bool holds) {
    return holds ? Holds::yes : Holds::no;
}

template <class T>
bool is_in(const std::optional<T>& one, const std::vector<T>& all) {
    return one && has(all, *one);
}

Holds allows(const std::vector<std::string>& names, const std::string& party, const Asked& asked) {
    return when(names.empty() || (!party.empty() && is_one_of(party, names, asked.groups)));
}

/// Of a condition on what the object does not say so far.
Holds unless_complete(const Object& object) {
    return object.complete ? Holds::no : Holds::depends;
}

/// A query/retrieve class is that of the request, any other that of the object.
Holds sop_class_holds(const std::vector<Uid>& classes, const Request& request) {
    if (classes.empty() || is_in(request.sop_class, classes)) return Holds::yes;
    if (!has_objects(request.operation)) return Holds::no;
    const bool named = request.sop_class && request.operation != Operation::retrieve;
    if (request.object.sop_class || named) return when(is_in(request.object.sop_class, classes));
    const bool of_objects = std::any_of(classes.begin(), classes.end(), [](const Uid& sop_class) {
        return !sop_class.str().starts_with(query_retrieve);
    });
    return of_objects ? unless_complete(request.object) : Holds::no;
}

/// Of a condition on a value of the object, which `matches` one of what the rule names.
template <class Wanted, class Value, class Matches>
Holds object_holds(const std::vector<Wanted>& wanted, const std::optional<Value>& value,
                   const Request& request, Matches matches) {
    if (wanted.empty()) return Holds::yes;
    if (!has_objects(request.operation)) return Holds::no;
    if (!value) return unless_complete(request.object);
    return when(
        std::any_of(wanted.begin(), wanted.end(), [&](const Wanted& one) { return matches(one, *value); }));
}

bool any_matches(const NamePattern& pattern, const std::vector<std::string>& names) {
    return std::any_of(names.begin(), names.end(),
                       [&](const std::string& name) { return pattern.matches(name); });
}

/// Nothing is opened, or given to a retrieval, for a caller or to a destination that is not known, whatever a
/// rule leaves out; and nothing goes back on an association of which only a title says whose it is.
Holds known_holds(const Rule& rule, const Asked& asked) {
    const bool retrieves = asked.request.operation == Operation::retrieve && rule.decide != Decision::refuse;
    if (!retrieves && rule.decide != Decision::open) return Holds::yes;
    const bool title_alone = asked.request.back && asked.caller && asked.caller->title_only;
    return when(!asked.from.empty() && !asked.to.empty() && !title_alone);
}

}  // namespace

bool is_one_of(const std::string& party, const std::vector<std::string>& names,
               const std::vector<Group>& groups) {
    return std::any_of(names.begin(), names.end(), [&](const std::string& name) {
        if (name == party) return true;
        const auto group = std::find_if(groups.begin(), groups.end(),
                                        [&](const Group& candidate) { return candidate.name == name; });
        return group != groups.end() && has(group->members, party);
    });
}

Holds holds(Condition condition, const Rule& rule, const Asked& asked) {
    const Request& request = asked.request;
    switch (condition) {
        case Condition::operation:
            return when(rule.operations.empty() || has(rule.operations, request.operation));
        case Condition::from:
            return allows(rule.from, asked.from, asked);
        case Condition::to:
            return allows(rule.to, asked.to, asked);
        case Condition::archive:
            return when(rule.archives.empty() || has(rule.archives, request.archive));
        case Condition::called:
            return when(rule.called.empty() || has(rule.called, request.called));
        case Condition::sop_class:
            return sop_class_holds(rule.sop_classes, request);
        case Condition::modality:
            return object_holds(rule.modalities, request.object.modality, request, std::equal_to<>());
        case Condition::institution:
            return object_holds(rule.institutions, request.object.institutions, request, any_matches);
        case Condition::user:
            return when(rule.users.empty() || is_in(request.user, rule.users));
        case Condition::network:
            return when(rule.networks.empty() || any_contains(rule.networks, request.address));
        case Condition::certificate:
            return when(rule.certificates.empty() || any_holds(rule.certificates, request.certificate));
        case Condition::hours:
            return when(rule.hours.empty() ||
                        std::any_of(rule.hours.begin(), rule.hours.end(),
                                    [&](const Hours& hours) { return hours.contains(request.at); }));
        case Condition::known:
            return known_holds(rule, asked);
    }
    return Holds::no;
}

}  // namespace portcullis::policy
