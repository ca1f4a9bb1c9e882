#include "gateway/cli_words.hpp"

namespace portcullis::cli {

CLI::App& add_command(CLI::App& parent, const char* name, const char* what, Typed& typed,
                      std::function<int(const Terminal&)> action) {
    auto& command = *parent.add_subcommand(name, what);
    command.callback([&typed, action = std::move(action)] { typed.action = action; });
    return command;
}

void add_json(CLI::App& command, Typed& typed) {
    command.add_flag("--json", typed.json, "Answer in JSON");
}

CLI::Option* add_config(CLI::App& command, Typed& typed) {
    return command.add_option("--config", typed.config, "The configuration file")->type_name("FILE");
}

void add_place(CLI::App& command, Typed& typed, const char* option, std::string& folder, const char* what) {
    auto& place = *command.add_option_group("place");
    add_config(place, typed);
    place.add_option(option, folder, what)->type_name("DIR");
    place.require_option(1);
    add_json(command, typed);
}

}  // namespace portcullis::cli
