#include "gateway/cli_commands.hpp"

#include <algorithm>
#include <ostream>
#include <sstream>

#include "gateway/base/counted.hpp"
#include "gateway/cli_json.hpp"
#include "gateway/cli_text.hpp"
#include "gateway/keys/keyring.hpp"

namespace portcullis::cli {

namespace {

namespace fs = std::filesystem;

Json lines(const std::string& text) {
    Json list = Json::array();
    std::istringstream stream(text);
    for (std::string line; std::getline(stream, line);) list.push_back(line);
    return list;
}

/// The connection part of a check: what answered on `out`, what did not on `err`.
bool report(const Terminal& terminal, const std::vector<service::Echoed>& echoes) {
    for (const auto& echo : echoes) {
        const std::string line = echo.what + ": " + echo.where + ": ";
        if (!echo.answered)
            terminal.complain(line + echo.detail);
        else if (!terminal.json)
            terminal.out << line << "answers\n";
    }
    return std::all_of(echoes.begin(), echoes.end(), [](const auto& echo) { return echo.answered; });
}

Json to_json(const std::vector<service::Echoed>& echoes) {
    Json list = Json::array();
    for (const auto& echo : echoes)
        list.push_back(
            {{"what", echo.what}, {"where", echo.where}, {"ok", echo.answered}, {"detail", echo.detail}});
    return list;
}

Json describe(const fs::path& folder, const keys::Keyring& keyring) {
    Json keks = Json::array();
    for (const auto& key : keyring.list())
        keks.push_back({{"id", hex(key.kek)}, {"created", key.created}, {"current", key.current}});
    return {{"keyring", folder.string()}, {"signer", hex(keyring.signer())}, {"keks", keks}};
}

}  // namespace

void Terminal::complain(const std::string& line) const {
    err << "portcullis: " << line << '\n';
}

int version(const Terminal& terminal) {
    if (terminal.json)
        print(terminal, {{"name", "portcullis"}, {"version", PORTCULLIS_VERSION}});
    else
        terminal.out << "portcullis " PORTCULLIS_VERSION "\n";
    return done;
}

int check(const Terminal& terminal, const fs::path& file, bool connect, const Commands& commands) {
    Settings settings;
    try {
        settings = read_settings(file);
        load_codecs(settings);
        (void)load_tls(settings);
    } catch (const SettingsError& error) {
        if (terminal.json)
            print(terminal, {{"file", file.string()}, {"ok", false}, {"errors", lines(error.what())}});
        throw;
    }
    if (!terminal.json)
        terminal.out << file.string() << ": valid: " << counted(settings.archives.size(), "archive") << ", "
                     << counted(settings.peers.size(), "peer") << ", "
                     << counted(settings.rules.size(), "rule") << '\n';
    if (!terminal.json && settings.mode == Mode::observe)
        terminal.out
            << file.string()
            << ": warning: mode: observe: everything is relayed as it comes; nothing is sealed, opened "
               "or refused\n";
    const auto echoes = connect ? commands.connect(settings) : std::vector<service::Echoed>{};
    const bool ok = report(terminal, echoes);
    if (terminal.json) {
        Json json = {{"file", file.string()},          {"ok", ok},
                     {"mode", name(settings.mode)},    {"archives", settings.archives.size()},
                     {"peers", settings.peers.size()}, {"rules", settings.rules.size()}};
        if (connect) json["connections"] = to_json(echoes);
        print(terminal, json);
    }
    return ok ? done : failed;
}

int keys_init(const Terminal& terminal, const fs::path& folder) {
    keys::Keyring::init(folder);
    if (terminal.json)
        print(terminal, describe(folder, *keys::Keyring::open(folder)));
    else
        terminal.out
            << folder.string()
            << ": made, with a KEK and a signing key; keep a copy in a safe place: without it nothing "
               "that is sealed can be opened\n";
    return done;
}

int keys_list(const Terminal& terminal, const fs::path& folder) {
    const auto keyring = keys::Keyring::open(folder);
    if (terminal.json) {
        print(terminal, describe(folder, *keyring));
        return done;
    }
    for (const auto& key : keyring->list())
        terminal.out << "kek     " << hex(key.kek) << "  " << key.created << (key.current ? "  current" : "")
                     << '\n';
    terminal.out << "signer  " << hex(keyring->signer()) << '\n';
    return done;
}

}  // namespace portcullis::cli
