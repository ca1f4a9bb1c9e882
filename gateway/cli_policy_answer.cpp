// What policy explain says, for people and for scripts.

#include <iomanip>

#include "gateway/cli_json.hpp"
#include "gateway/cli_policy.hpp"

namespace portcullis::cli {

namespace {

using policy::Holds;

const char* word(Holds holds) {
    return holds == Holds::yes ? "yes" : holds == Holds::no ? "no" : "depends";
}

Json or_null(bool there, std::string_view text) {
    return there ? Json(text) : Json(nullptr);
}

Json json_of(const policy::Request& request, const policy::Explanation& explained) {
    const auto& judged = explained.judged;
    Json rules = Json::array();
    for (const auto& rule : explained.rules) {
        Json unmet = Json::array();
        for (const auto& one : rule.unmet)
            unmet.push_back({{"condition", policy::name(one.condition)},
                             {"holds", word(one.holds)},
                             {"wanted", one.wanted},
                             {"given", or_null(!one.given.empty(), one.given)}});
        rules.push_back({{"rule", rule.name},
                         {"decide", policy::name(rule.decide)},
                         {"matches", word(rule.holds)},
                         {"unmet", unmet}});
    }
    Json possible = Json::array();
    for (const auto* rule : judged.possible)
        possible.push_back({{"decision", policy::name(rule->decide)}, {"rule", rule->name}});
    Json depends_on = Json::array();
    for (const auto condition : judged.depends_on) depends_on.push_back(policy::name(condition));
    const bool decided = judged.decided();
    return {{"operation", policy::name(request.operation)},
            {"calling", request.calling.str()},
            {"address", request.address.str()},
            {"from", or_null(!judged.from.empty(), judged.from)},
            {"archive", request.archive},
            {"called", request.called.str()},
            {"to", or_null(request.to.has_value(), request.to.value_or(""))},
            {"at", policy::text(request.at)},
            {"decision", or_null(decided, policy::name(judged.verdict().decision))},
            {"rule", or_null(decided, judged.verdict().rule)},
            {"depends_on", depends_on},
            {"possible", possible},
            {"rules", rules},
            {"not_looked_at", explained.not_looked_at}};
}

void print_head(std::ostream& out, const policy::Request& request, const policy::Explanation& explained) {
    const auto& from = explained.judged.from;
    out << policy::name(request.operation) << " by " << request.calling.str() << " at "
        << request.address.str() << ": " << (from.empty() ? "a stranger" : "from " + from) << '\n'
        << "archive " << request.archive << ", called " << request.called.str();
    if (request.to) out << ", to " << *request.to << (request.back ? " by C-GET" : "");
    out << ", " << policy::text(request.at) << "\n\n";
}

void print_unmet(std::ostream& out, const policy::Unmet& unmet) {
    const bool open = unmet.holds == Holds::depends;
    out << "           " << policy::name(unmet.condition) << ": "
        << (open                  ? "not known"
            : unmet.given.empty() ? "none"
                                  : unmet.given)
        << "; wanted: " << unmet.wanted << '\n';
}

void print_text(std::ostream& out, const policy::Request& request, const policy::Explanation& explained) {
    print_head(out, request, explained);
    for (const auto& rule : explained.rules) {
        out << std::left << std::setw(9) << word(rule.holds) << rule.name << ": " << policy::name(rule.decide)
            << '\n';
        for (const auto& unmet : rule.unmet) print_unmet(out, unmet);
    }
    if (explained.not_looked_at > 0)
        out << "         (" << explained.not_looked_at << " more rules are not looked at)\n";
    const auto& judged = explained.judged;
    out << '\n';
    if (judged.decided()) {
        out << policy::name(judged.verdict().decision) << ", by " << judged.verdict().rule << '\n';
        return;
    }
    out << "depends on";
    for (const auto condition : judged.depends_on)
        out << (condition == judged.depends_on.front() ? " " : ", ") << policy::name(condition);
    out << " of the object:";
    for (const auto* rule : judged.possible)
        out << ' ' << policy::name(rule->decide) << ", by " << rule->name
            << (rule == judged.possible.back() ? "\n" : "; or");
}

}  // namespace

void answer(const Terminal& terminal, const policy::Request& request, const policy::Explanation& explained) {
    if (terminal.json)
        print(terminal, json_of(request, explained));
    else
        print_text(terminal.out, request, explained);
}

}  // namespace portcullis::cli
