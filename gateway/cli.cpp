#include "gateway/cli.hpp"

#include <algorithm>
#include <iostream>
#include <string>
#include <tuple>

#include "gateway/cli_words.hpp"

namespace portcullis {

namespace {

using namespace cli;

void add_run(CLI::App& app, Typed& typed, const Commands& commands) {
    auto& run = add_command(app, "run", "Serve until stopped", typed, [&](const Terminal&) {
        return commands.run([file = typed.config] { return read_settings(file); });
    });
    add_config(run, typed)->required();
}

void add_check(CLI::App& app, Typed& typed, const Commands& commands) {
    auto& command = add_command(
        app, "check", "Say what is wrong in a configuration", typed,
        [&](const Terminal& terminal) { return check(terminal, typed.config, typed.connect, commands); });
    add_config(command, typed)->required();
    command.add_flag("--connect", typed.connect, "Also echo every archive and every peer that has a host");
    add_json(command, typed);
}

void add_probe(CLI::App& app, Typed& typed) {
    auto& command = add_command(
        app, "probe", "Send a test study to an archive and back; say whether it is safe to seal into it",
        typed,
        [&](const Terminal& terminal) { return probe_archive(terminal, typed.config, typed.archive); });
    add_config(command, typed)->required();
    command.add_option("--archive", typed.archive, "Which one; default: the first archive")
        ->type_name("NAME");
    command.footer(
        "Where the gateway does not run the objects come back by C-MOVE to its own title, else by C-GET. The "
        "study stays in the archive: the report names it. Exit status 1: not safe, or it could not be found "
        "out.");
    add_json(command, typed);
}

void add_keys(CLI::App& app, Typed& typed) {
    auto& keys = *app.add_subcommand("keys", "The keys that seal and open");
    keys.require_subcommand(1);
    auto& init =
        add_command(keys, "init", "Make a keyring with a first KEK and a signing key", typed,
                    [&](const Terminal& terminal) { return keys_init(terminal, typed.keyring_folder()); });
    add_place(init, typed, "--keyring", typed.keyring, "The folder of the keyring");
    auto& list =
        add_command(keys, "list", "Name the keys of a keyring", typed,
                    [&](const Terminal& terminal) { return keys_list(terminal, typed.keyring_folder()); });
    add_place(list, typed, "--keyring", typed.keyring, "The folder of the keyring");
}

void add_codec(CLI::App& app, Typed& typed) {
    auto& codec = *app.add_subcommand("codec", "The ciphers inside of AES-256-GCM");
    codec.require_subcommand(1);
    auto& list = add_command(codec, "list", "Name the codecs that there are", typed,
                             [&](const Terminal& terminal) { return codec_list(terminal, typed.config); });
    auto& bench = add_command(
        codec, "bench", "Measure their speed beside AES-256-GCM", typed,
        [&](const Terminal& terminal) { return codec_bench(terminal, typed.config, typed.seconds); });
    bench.add_option("--seconds", typed.seconds, "How long to measure")
        ->type_name("S")
        ->check(CLI::Range(0.01, 3600.0))
        ->capture_default_str();
    auto& report = add_command(codec, "report", "Judge a codec on images: figures, pictures, speeds", typed,
                               [&](const Terminal& terminal) {
                                   typed.report.config = typed.config;
                                   return codec_report(terminal, typed.report);
                               });
    report.add_option("PATH", typed.report.paths, "DICOM files, or folders with some")->required();
    report.add_option("--output", typed.report.output, "The folder of the report")
        ->type_name("DIR")
        ->required();
    report.add_option("--codec", typed.report.codec, "The codec to judge; default: the one that seals")
        ->type_name("ID");
    report.add_flag("--statistics", typed.report.statistics,
                    "Also run dieharder and ent, as far as installed, on its keystream: many minutes");
    for (auto* command : {&list, &bench, &report}) {
        add_config(*command, typed);
        add_json(*command, typed);
    }
}

/// What seal, open and inspect have in common; they need so many of a configuration and a keyring.
CLI::App& add_media_command(CLI::App& app, Typed& typed, const char* name, const char* what,
                            int (*act)(const Terminal&, const MediaWork&), std::size_t least_keys) {
    auto& command = add_command(app, name, what, typed, [&typed, act](const Terminal& terminal) {
        typed.media.config = typed.config;
        typed.media.keyring = typed.keyring;
        return act(terminal, typed.media);
    });
    command.add_option("PATH", typed.media.paths, "DICOM files, or folders with some")->required();
    auto& keys = *command.add_option_group("keys");
    add_config(keys, typed);
    auto& keyring =
        *keys.add_option("--keyring", typed.keyring, "The folder of the keyring")->type_name("DIR");
    keys.require_option(least_keys, 1);
    command
        .add_option("--tenant", typed.media.tenant, "Whose objects they are, where there is only a keyring")
        ->needs(&keyring);
    command.add_option("--jobs", typed.media.jobs, "Files at a time; default: one for each processor")
        ->type_name("N")
        ->check(CLI::Range(1u, 1024u));
    add_json(command, typed);
    return command;
}

/// A command that makes files.
void add_making(CLI::App& app, Typed& typed, const char* name, const char* what,
                int (*act)(const Terminal&, const MediaWork&)) {
    auto& command = add_media_command(app, typed, name, what, act, 1);
    auto& where = *command.add_option_group("where");
    where.add_option("--output", typed.media.output, "Write there, by the paths in the folders")
        ->type_name("DIR")
        ->check(
            [](const std::string& folder) { return std::string(folder.empty() ? "names no folder" : ""); });
    where.add_flag("--in-place", typed.in_place, "Replace each file once the new one is on the disk");
    where.require_option(1);
    command.footer(
        "Without gateway and registry; nothing is written to an audit log. May be run again: it goes on with "
        "what is not done.");
}

void add_media(CLI::App& app, Typed& typed) {
    add_making(app, typed, "seal", "Seal files and folders", seal_files);
    add_making(app, typed, "open", "Open sealed files and folders", open_files);
    auto& inspect =
        add_media_command(app, typed, "inspect",
                          "Tell what is sealed, what would be, and with keys verify it", inspect_files, 0);
    inspect.add_flag("--explain", typed.media.explain,
                     "Tell first what sealing does to which values, and what stays readable");
}

void add_registry(CLI::App& app, Typed& typed) {
    auto& registry = *app.add_subcommand("registry", "What is sealed, and by which envelope");
    registry.require_subcommand(1);
    auto& rebuild = add_command(
        registry, "rebuild", "Put the envelopes of sealed files, or of an archive, back into the registry",
        typed, [&](const Terminal& terminal) {
            typed.rebuild.config = typed.config;
            return typed.rebuild.paths.empty() ? registry_rebuild_from_archive(terminal, typed.rebuild)
                                               : registry_rebuild(terminal, typed.rebuild);
        });
    auto& from = *rebuild.add_option_group("from");
    from.require_option(1, 2);
    auto& path = *from.add_option("PATH", typed.rebuild.paths, "Sealed DICOM files, or folders with some");
    add_config(rebuild, typed)->required();
    auto& archive = *from.add_option("--archive", typed.rebuild.archive,
                                     "Whose files they are, by default the first archive's; without any: "
                                     "the archive to retrieve all of");
    archive.type_name("NAME");
    for (const auto& [option, value, what] :
         {std::tuple{"--study", &typed.rebuild.study, "Of the archive, only this Study Instance UID"},
          std::tuple{"--patient", &typed.rebuild.patient_id, "Of the archive, only this Patient ID"}})
        rebuild.add_option(option, *value, what)->type_name("ID")->needs(&archive)->excludes(&path);
    rebuild
        .add_flag("--all", typed.rebuild.all,
                  "Of the archive, also what is known already: for a registry that was restored from an old "
                  "backup")
        ->needs(&archive)
        ->excludes(&path);
    rebuild.add_option("--jobs", typed.rebuild.jobs, "Files at a time; default: one for each processor")
        ->type_name("N")
        ->check(CLI::Range(1u, 1024u));
    rebuild.footer(
        "While the gateway is stopped. Only what opens with our keys is taken; what is known already stays. "
        "May be run again.");
    add_json(rebuild, typed);
    auto& reconcile = add_command(
        registry, "reconcile", "List what is registered and not in the archive any more", typed,
        [&](const Terminal& terminal) { return registry_reconcile(terminal, typed.config, typed.archive); });
    add_config(reconcile, typed)->required();
    reconcile.add_option("--archive", typed.archive, "Which one; default: the first archive")
        ->type_name("NAME");
    reconcile.footer("Changes nothing; the gateway may run. Exit status 1: there is some.");
    add_json(reconcile, typed);
}

void add_version(CLI::App& app, Typed& typed) {
    add_json(add_command(app, "version", "Say which version this is", typed, cli::version), typed);
}

std::string one_line(std::string text) {
    while (!text.empty() && text.back() == '\n') text.pop_back();
    std::replace(text.begin(), text.end(), '\n', ' ');
    return text;
}

int act(const Terminal& terminal, const Typed& typed) {
    try {
        const int status = typed.action(terminal);
        if (terminal.out.flush()) return status;
        terminal.complain("the answer cannot be written; check where the output goes");
        return failed;
    } catch (const SettingsError& error) {
        terminal.err << error.what() << '\n';  // begins with its place already
        return wrong_usage;
    } catch (const std::exception& error) {
        terminal.complain(one_line(error.what()));
        return failed;
    }
}

}  // namespace

int run_cli(int argc, const char* const* argv, const Commands& commands, std::ostream& out,
            std::ostream& err) {
    Typed typed;
    CLI::App app("Encrypts DICOM pixels between scanners and a PACS.", "portcullis");
    app.require_subcommand(1);
    add_run(app, typed, commands);
    add_check(app, typed, commands);
    add_probe(app, typed);
    add_keys(app, typed);
    add_audit(app, typed);
    add_codec(app, typed);
    add_media(app, typed);
    add_registry(app, typed);
    add_policy(app, typed, commands);
    add_version(app, typed);
    try {
        app.parse(argc, argv);
    } catch (const CLI::CallForHelp& help) {
        app.exit(help, out, err);
        return done;
    } catch (const CLI::ParseError& error) {
        Terminal{out, err}.complain(one_line(error.what()) + "; see portcullis --help");
        return wrong_usage;
    }
    return act({out, err, typed.json}, typed);
}

int run_cli(int argc, const char* const* argv, const Commands& commands) {
    return run_cli(argc, argv, commands, std::cout, std::cerr);
}

}  // namespace portcullis
