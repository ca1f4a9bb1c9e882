// policy explain: which rule decides about a request that is described, and why.

#include <array>
#include <chrono>
#include <memory>

#include "gateway/cli_policy.hpp"
#include "gateway/cli_words.hpp"
#include "gateway/service/local_time.hpp"
#include "gateway/tls/files.hpp"
#include "gateway/tls/identity.hpp"

namespace portcullis::cli {

namespace {

using policy::Operation;

/// A request as it is typed; what is empty was not given.
struct Question {
    std::string config;
    std::string operation, calling, address, called, archive, to, request_class, user, at;
    std::optional<std::string> sop_class, modality;
    std::vector<std::string> institutions;
    std::string certificate, fingerprint, subject;
    std::vector<std::string> names;  // of the certificate
};

[[noreturn]] void refuse(const std::string& option, const std::string& what, const std::string& remedy) {
    throw SettingsError(option + ": " + what + "; " + remedy);
}

template <class Parsed>
auto required(Parsed parsed, const std::string& option, const std::string& text, const std::string& remedy) {
    if (!parsed) refuse(option, '\'' + text + "' cannot be read", remedy);
    return *std::move(parsed);
}

AeTitle read_title(const std::string& option, const std::string& text) {
    return required(AeTitle::parse(text), option, text, "give an AE title of 1 to 16 characters");
}

Uid read_uid(const std::string& option, const std::string& text) {
    return required(Uid::parse(text), option, text, "give a UID");
}

/// YYYY-MM-DDTHH:MM.
policy::LocalTime read_time(const std::string& text) {
    if (text.empty() || text == "now") return service::local_time();
    std::array<unsigned, 5> parts{};
    std::size_t at = 0;
    constexpr std::string_view pattern = "dddd-dd-ddTdd:dd";
    bool fits = text.size() == pattern.size();
    for (std::size_t i = 0; fits && i < text.size(); ++i) {
        const bool digit = text[i] >= '0' && text[i] <= '9';
        fits = pattern[i] == 'd' ? digit : text[i] == pattern[i];
        if (pattern[i] != 'd')
            ++at;
        else if (digit)
            parts.at(at) = parts.at(at) * 10 + static_cast<unsigned>(text[i] - '0');
    }
    using namespace std::chrono;
    const auto& [y, m, d, hour, minute] = parts;
    const year_month_day date{year(static_cast<int>(y)), month(m), day(d)};
    if (!fits || !date.ok() || hour > 23 || minute > 59)
        refuse("--at", '\'' + text + "' cannot be read", "give local time as in 2026-11-29T22:15, or now");
    return {weekday(sys_days(date)).iso_encoding() - 1, hour * 60 + minute};
}

/// What the caller shows; nothing if nothing of it was given.
std::optional<Certificate> read_certificate(const Question& typed) {
    if (!typed.certificate.empty()) {
        try {
            return tls::identity_of(
                *tls::read_certificates(typed.certificate, tls::File::certificate).front());
        } catch (const tls::Unusable& unusable) {
            refuse("--certificate", unusable.what(), unusable.remedy);
        }
    }
    if (typed.fingerprint.empty() && typed.subject.empty() && typed.names.empty()) return std::nullopt;
    Certificate shown;
    shown.subject = typed.subject;
    shown.fingerprint = typed.fingerprint;
    for (const auto& name : typed.names) {
        if (const auto address = IpAddress::parse(name))
            shown.addresses.push_back(*address);
        else
            shown.names.push_back(name);
    }
    return shown;
}

/// As a real association would choose: by the called title, or, of a push, by who calls.
const Archive& archive_of(const Settings& settings, const Question& typed, const policy::Request& request) {
    const Archive* named = typed.archive.empty() ? nullptr : settings.archive_named(typed.archive);
    if (!typed.archive.empty() && !named)
        refuse("--archive", "there is no archive '" + typed.archive + "'", "name one of the configuration");
    if (request.operation == Operation::push) {
        if (named) return *named;
        const auto* pushing =
            settings.archive_calling({request.calling, request.address, request.certificate});
        if (!pushing) refuse("--address", "no archive is known to push from there", "name --archive");
        return *pushing;
    }
    if (typed.called.empty()) return named ? *named : settings.archives.front();
    const auto* called = settings.archive_for(request.called);
    if (!called)
        refuse("--called", "no archive answers to '" + typed.called + "', associations are rejected",
               "give an archive's title, or the gateway's");
    if (named && named != called)
        refuse("--archive", '\'' + typed.called + "' calls " + called->name + ", not " + named->name,
               "leave one of the two out");
    return *called;
}

const policy::Peer& receiver_of(const Settings& settings, const policy::Policy& policy,
                                const std::string& title) {
    const auto* receiver = policy.destination(read_title("--to", title));
    if (!receiver || !settings.endpoints.contains(receiver->name))
        refuse("--to", "no peer with a host is called '" + title + "', a C-MOVE to it is answered A801",
               "give the title of a peer that receives");
    return *receiver;
}

void set_object(policy::Request& request, const Question& typed) {
    const bool about = policy::has_objects(request.operation);
    if (!about && (typed.modality || !typed.institutions.empty()))
        refuse("--operation", typed.operation + " is about no object",
               "leave --modality and --institution out");
    if (!typed.request_class.empty()) request.sop_class = read_uid("--request-class", typed.request_class);
    if (typed.sop_class) {
        auto& sop_class = about ? request.object.sop_class : request.sop_class;
        sop_class = read_uid("--sop-class", *typed.sop_class);
    }
    request.object.modality = typed.modality;
    if (!typed.institutions.empty()) request.object.institutions = typed.institutions;
}

void set_receiver(policy::Request& request, const Settings& settings, const policy::Policy& policy,
                  const Question& typed) {
    const bool sends = request.operation == Operation::retrieve || request.operation == Operation::push;
    if (!typed.to.empty() && !sends) refuse("--to", typed.operation + " has no destination", "leave it out");
    if (request.operation == Operation::push && typed.to.empty())
        refuse("--to", "a push calls the title of a peer", "give it");
    if (!typed.to.empty()) {
        request.to = receiver_of(settings, policy, typed.to).name;
    } else if (sends) {
        request.back = true;
        const auto* caller = policy.recognise(request.calling, request.address, request.certificate);
        if (caller) request.to = caller->name;
    }
    if (request.operation == Operation::push) request.called = read_title("--to", typed.to);
}

policy::Request request_of(const Question& typed, const Settings& settings, const policy::Policy& policy,
                           const Certificate* certificate) {
    const auto operation =
        required(policy::parse_operation(typed.operation), "--operation", typed.operation,
                 "give store, retrieve, push, echo, find, worklist, mpps, commitment or other");
    const auto address =
        required(IpAddress::parse(typed.address), "--address", typed.address, "give an IPv4 or IPv6 address");
    policy::Request request{
        operation, read_title("--calling", typed.calling),
        address,   typed.called.empty() ? settings.ae_title : read_title("--called", typed.called),
        {},        {},
        {}};
    request.certificate = certificate;
    const auto& archive = archive_of(settings, typed, request);
    request.archive = archive.name;
    if (typed.called.empty()) request.called = archive.ae_title;
    if (!typed.user.empty()) request.user = typed.user;
    request.at = read_time(typed.at);
    set_object(request, typed);
    set_receiver(request, settings, policy, typed);
    return request;
}

int explain_policy(const Terminal& terminal, const Question& typed) {
    const auto settings = read_settings(typed.config);
    const policy::Policy policy(settings.peers, settings.groups, settings.rules, settings.otherwise);
    const auto certificate = read_certificate(typed);
    const auto request = request_of(typed, settings, policy, certificate ? &*certificate : nullptr);
    const auto explained = policy::explain(policy, request);
    answer(terminal, request, explained);
    return done;
}

void add_request(CLI::App& command, Question& typed) {
    command.add_option("--operation", typed.operation, "store, retrieve, push, echo, find, ...")->required();
    command.add_option("--calling", typed.calling, "AE title of the caller")->required()->type_name("TITLE");
    command.add_option("--address", typed.address, "Where it calls from")->required();
    command
        .add_option("--called", typed.called,
                    "AE title that it calls, which chooses the archive; default: the archive's")
        ->type_name("TITLE");
    command
        .add_option("--archive", typed.archive, "Which one; default: the one that is called, or the first")
        ->type_name("NAME");
    command
        .add_option("--to", typed.to,
                    "AE title of the destination of a C-MOVE, or that a push calls; without: a C-GET")
        ->type_name("TITLE");
    command.add_option("--request-class", typed.request_class, "Query/Retrieve class of the request itself")
        ->type_name("UID");
    command.add_option("--user", typed.user, "Whom the archive has confirmed")->type_name("NAME");
    command.add_option("--at", typed.at, "Local time as in 2026-11-29T22:15; default: now");
}

void add_object(CLI::App& command, Question& typed) {
    command.add_option("--sop-class", typed.sop_class, "Of the object")->type_name("UID");
    command.add_option("--modality", typed.modality, "Of the object, such as CT; '' for none");
    command
        .add_option("--institution", typed.institutions, "Name or department in the object; may be repeated")
        ->allow_extra_args(false)
        ->type_name("NAME");
}

void add_certificate(CLI::App& command, Question& typed) {
    auto& file =
        *command.add_option("--certificate", typed.certificate, "That the caller shows, in PEM form");
    file.type_name("FILE");
    command.add_option("--fingerprint", typed.fingerprint, "Of its certificate: SHA-256, 64 digits")
        ->excludes(&file);
    command.add_option("--subject", typed.subject, "Of its certificate, as RFC 2253 writes it")
        ->excludes(&file);
    command.add_option("--san", typed.names, "A name in its certificate; may be repeated")
        ->allow_extra_args(false)
        ->excludes(&file);
}

}  // namespace

void add_policy(CLI::App& app, Typed& typed, const Commands& commands) {
    auto& group = *app.add_subcommand("policy", "Who may do what, and how much");
    group.require_subcommand(1);
    const auto question = std::make_shared<Question>();
    auto& explain = add_command(group, "explain", "Say which rule decides about a request, and why", typed,
                                [question, &typed](const Terminal& terminal) {
                                    question->config = typed.config;
                                    return explain_policy(terminal, *question);
                                });
    add_config(explain, typed)->required();
    add_request(explain, *question);
    add_object(explain, *question);
    add_certificate(explain, *question);
    explain.footer(
        "What is not said of the object is not known: then the answer may be that it depends. Asks nobody "
        "and "
        "changes nothing.");
    add_json(explain, typed);
    add_grant(group, typed, commands);
    add_budgets(group, typed, commands);
}

}  // namespace portcullis::cli
