#include <array>
#include <utility>

#include "gateway/policy/policy.hpp"

namespace portcullis::policy {

namespace {

constexpr std::array<std::pair<Operation, std::string_view>, 9> operations = {{
    {Operation::store, "store"},
    {Operation::retrieve, "retrieve"},
    {Operation::push, "push"},
    {Operation::echo, "echo"},
    {Operation::find, "find"},
    {Operation::worklist, "worklist"},
    {Operation::mpps, "mpps"},
    {Operation::commitment, "commitment"},
    {Operation::other, "other"},
}};

constexpr std::array<std::pair<Decision, std::string_view>, 6> decisions = {{
    {Decision::seal, "seal"},
    {Decision::pass, "pass"},
    {Decision::open, "open"},
    {Decision::sealed, "sealed"},
    {Decision::relay, "relay"},
    {Decision::refuse, "refuse"},
}};

constexpr std::array<std::pair<Condition, std::string_view>, 13> conditions = {{
    {Condition::operation, "operation"},
    {Condition::from, "from"},
    {Condition::to, "to"},
    {Condition::archive, "archive"},
    {Condition::called, "called"},
    {Condition::sop_class, "sop_class"},
    {Condition::modality, "modality"},
    {Condition::institution, "institution"},
    {Condition::user, "user"},
    {Condition::network, "network"},
    {Condition::certificate, "certificate"},
    {Condition::hours, "hours"},
    {Condition::known, "known"},
}};

template <class Table, class Value>
std::string_view name_in(const Table& table, Value value) {
    for (const auto& [known, name] : table)
        if (known == value) return name;
    return "unknown";
}

template <class Value, std::size_t N>
std::optional<Value> parse_in(const std::array<std::pair<Value, std::string_view>, N>& table,
                              std::string_view text) {
    for (const auto& [value, name] : table)
        if (name == text) return value;
    return std::nullopt;
}

}  // namespace

std::string_view name(Operation operation) {
    return name_in(operations, operation);
}
std::string_view name(Decision decision) {
    return name_in(decisions, decision);
}
std::string_view name(Condition condition) {
    return name_in(conditions, condition);
}
std::optional<Operation> parse_operation(std::string_view text) {
    return parse_in(operations, text);
}
std::optional<Decision> parse_decision(std::string_view text) {
    return parse_in(decisions, text);
}

}  // namespace portcullis::policy
