// The budgets of the gateway that runs: what is used of them, and raising one for a time.

#include <chrono>
#include <memory>
#include <ostream>
#include <stdexcept>

#include "gateway/cli_json.hpp"
#include "gateway/cli_words.hpp"
#include "gateway/policy/budgets.hpp"
#include "gateway/settings_reader.hpp"

namespace portcullis::cli {

namespace {

struct GrantWords {
    std::string budget, peer, user, objects, studies, bytes, time, reason;
};

/// What `read` makes of a word, as it would of a value in the configuration.
template <class Read>
std::uint64_t understood(const std::string& option, const std::string& word, Read read) {
    settings::Problems problems;
    settings::Node node;
    node.kind = settings::Node::Kind::scalar;
    node.text = word;
    const auto value = read(settings::Value{&node, option, &problems});
    if (!value) throw SettingsError("portcullis: " + problems.first());
    return static_cast<std::uint64_t>(*value);
}

Json ask(const Commands& commands, const std::string& config, const Json& asked) {
    const auto line = asked.dump(-1, ' ', false, Json::error_handler_t::replace);
    const auto answer = Json::parse(commands.ask(read_settings(config), line), nullptr, false);
    if (!answer.is_object())
        throw std::runtime_error("the gateway's answer cannot be read; is it this version?");
    if (const auto error = answer.find("error"); error != answer.end())
        throw std::runtime_error(error->get<std::string>());
    return answer;
}

Json asked_for(const GrantWords& words) {
    using namespace settings;
    Json asked = {{"command", "grant"}, {"budget", words.budget}};
    if (!words.peer.empty()) asked["peer"] = words.peer;
    if (!words.user.empty()) asked["user"] = words.user;
    constexpr auto most = policy::most_granted;
    if (!words.objects.empty())
        asked["objects"] = understood("--objects", words.objects, count_between(1, most));
    if (!words.studies.empty())
        asked["studies"] = understood("--studies", words.studies, count_between(1, most));
    if (!words.bytes.empty()) asked["bytes"] = understood("--bytes", words.bytes, size_between(1, most));
    asked["seconds"] = understood("--for", words.time, [](const Value& value) {
        const auto time = read_duration_between(value, std::chrono::seconds(policy::shortest_grant),
                                                std::chrono::seconds(policy::longest_grant));
        return time ? std::optional(std::chrono::ceil<std::chrono::seconds>(*time).count()) : std::nullopt;
    });
    asked["reason"] = words.reason;
    return asked;
}

int grant(const Terminal& terminal, const std::string& config, const GrantWords& words,
          const Commands& commands) {
    const auto answer = ask(commands, config, asked_for(words));
    if (terminal.json)
        print(terminal, answer);
    else
        terminal.out << "granted to " << (words.peer.empty() ? "user " + words.user : "peer " + words.peer)
                     << " until " << answer.at("until").get<std::string>() << "; it is in the audit\n";
    return done;
}

/// "objects 3 of 5000, studies 1 of 40".
std::string account_text(const Json& account) {
    std::string text;
    for (const auto measure : policy::measures) {
        const auto found = account.find(policy::name(measure));
        if (found == account.end()) continue;
        text += (text.empty() ? "" : ", ") + std::string(policy::name(measure)) + ' ' +
                std::to_string(found->at("used").get<std::uint64_t>()) + " of " +
                std::to_string(found->at("limit").get<std::uint64_t>());
    }
    return text;
}

/// "peer reading-room".
std::string subject_text(const Json& json) {
    const std::string kind = json.contains("user") ? "user" : "peer";
    return kind + ' ' + json.at(kind).get<std::string>();
}

int budgets(const Terminal& terminal, const std::string& config, const Commands& commands) {
    const auto answer = ask(commands, config, {{"command", "budgets"}});
    if (terminal.json) {
        print(terminal, answer);
        return done;
    }
    for (const auto& budget : answer.at("budgets")) {
        terminal.out << budget.at("budget").get<std::string>() << ": in "
                     << budget.at("window_seconds").get<std::uint64_t>() << " s for each "
                     << budget.at("per").get<std::string>() << ", over it "
                     << budget.at("over").get<std::string>() << '\n';
        for (const auto& account : budget.at("accounts"))
            terminal.out << "  " << subject_text(account) << ": " << account_text(account) << '\n';
    }
    for (const auto& grant : answer.at("grants"))
        terminal.out << "granted: " << grant.at("budget").get<std::string>() << ": " << subject_text(grant)
                     << " until " << grant.at("until").get<std::string>() << '\n';
    return done;
}

}  // namespace

void add_grant(CLI::App& policy, Typed& typed, const Commands& commands) {
    const auto words = std::make_shared<GrantWords>();
    auto& command = add_command(
        policy, "grant", "Raise a budget for a time, in the gateway that runs", typed,
        [&, words](const Terminal& terminal) { return grant(terminal, typed.config, *words, commands); });
    add_config(command, typed)->required();
    command.add_option("--budget", words->budget, "Which one")->type_name("NAME")->required();
    auto& subject = *command.add_option_group("subject");
    subject.add_option("--peer", words->peer, "For this peer")->type_name("NAME");
    subject.add_option("--user", words->user, "For this user, of a budget per user")->type_name("NAME");
    subject.require_option(1);
    command.add_option("--objects", words->objects, "So many objects more")->type_name("N");
    command.add_option("--studies", words->studies, "So many studies more")->type_name("N");
    command.add_option("--bytes", words->bytes, "So many bytes more, as in 5GiB")->type_name("SIZE");
    command.add_option("--for", words->time, "How long, 1m to 7d")->type_name("DURATION")->required();
    command.add_option("--reason", words->reason, "Why; it goes into the audit")
        ->type_name("TEXT")
        ->required();
    command.footer(
        "Only the user whom the gateway runs as, and root, may. It counts at once, and a restart keeps it.");
    add_json(command, typed);
}

void add_budgets(CLI::App& policy, Typed& typed, const Commands& commands) {
    auto& command =
        add_command(policy, "budgets", "Say what is used of the budgets, and what is granted", typed,
                    [&](const Terminal& terminal) { return budgets(terminal, typed.config, commands); });
    add_config(command, typed)->required();
    add_json(command, typed);
}

}  // namespace portcullis::cli
