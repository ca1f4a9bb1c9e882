// seal: the codec that seals, those that may be opened, and the plugins among them; what is sealed.

#include <algorithm>

#include "codec/rabbit/implementation.hpp"
#include "gateway/settings_parts.hpp"

namespace portcullis::settings {

namespace {

constexpr std::size_t most_plugins = 16;

std::optional<std::string> read_absolute_path(const Value& value) {
    auto path = read_text(value);
    if (!path || std::filesystem::path(*path).is_absolute()) return path;
    value.refuse(in_quotes(*path) + " is no absolute path", "write where the file is, from / on");
    return std::nullopt;
}

std::optional<std::uint8_t> hex_digit(char c) {
    if (c >= '0' && c <= '9') return static_cast<std::uint8_t>(c - '0');
    if (c >= 'a' && c <= 'f') return static_cast<std::uint8_t>(c - 'a' + 10);
    return std::nullopt;
}

std::optional<codec::Digest> read_sha256(const Value& value) {
    const auto text = read_text(value);
    if (!text) return std::nullopt;
    codec::Digest digest{};
    bool well_formed = text->size() == 2 * digest.size();
    for (std::size_t i = 0; well_formed && i < text->size(); ++i) {
        const auto digit = hex_digit((*text)[i]);
        well_formed = digit.has_value();
        digest[i / 2] = static_cast<std::uint8_t>(digest[i / 2] << 4 | digit.value_or(0));
    }
    if (well_formed) return digest;
    value.refuse(in_quotes(*text) + " is no SHA-256",
                 "write the 64 digits, in quotes, that sha256sum prints");
    return std::nullopt;
}

std::optional<Plugin> read_plugin(const Value& value, const Folder& folder) {
    Section section(value);
    Plugin plugin;
    section.read_required("path", plugin.file.path, read_absolute_path);
    section.read_required("sha256", plugin.file.sha256, read_sha256);
    section.finish();
    plugin.place = folder.place_of(value);
    return plugin;
}

/// A plugin says only when it is loaded what it is called.
std::optional<std::string> read_codec_id(const Value& value, bool with_plugins) {
    auto id = read_text(value);
    if (!id || codec::Catalogue::built_in().find(*id) || with_plugins) return id;
    std::vector<std::string> names;
    for (const auto& [name, codec] : codec::Catalogue::built_in().all()) names.push_back(name);
    value.refuse("unknown codec " + in_quotes(*id), advice(*id, names) + ", or list its file under plugins");
    return std::nullopt;
}

/// What is wrong, one line each, as it will be told.
class Complaints {
  public:
    void add(const std::string& place, const std::string& what, const std::string& remedy) {
        (text_ += text_.empty() ? "" : "\n") += place + ": " + what + "; " + remedy;
    }
    void tell() const {
        if (!text_.empty()) throw SettingsError(text_);
    }

  private:
    std::string text_;
};

void load(const Plugin& plugin, codec::Catalogue& into, Complaints& complaints) {
    try {
        codec::Codec loaded = codec::load_plugin(plugin.file);
        const std::string id = loaded.id;
        if (!into.add(std::move(loaded)))
            complaints.add(plugin.place, "there is a codec " + in_quotes(id) + " already", remove_it);
    } catch (const codec::PluginError& error) {
        complaints.add(plugin.place,
                       in_quotes(std::filesystem::path(plugin.file.path).filename()) + ": " + error.what(),
                       "correct path and sha256, or remove the plugin");
    }
}

/// The keystream's implementation is chosen by the environment: wrong there is wrong here.
void check_environment() {
    try {
        (void)codec::rabbit::implementation();
    } catch (const std::runtime_error& error) {
        throw SettingsError(error.what());
    }
}

}  // namespace

std::string Folder::place_of(const Value& value) const {
    return file_name_ + ':' + std::to_string(value.node->at.line) + ':' +
           std::to_string(value.node->at.column) + ": " + value.key;
}

void read_seal(Section& root, const Folder& folder, Settings& into) {
    const auto value = root.find("seal");
    if (!value) return;
    Section section(*value);
    if (const auto plugins = section.find("plugins"))
        into.plugins =
            read_each(*plugins, most_plugins, [&](const Value& one) { return read_plugin(one, folder); });
    const auto read_id = [&](const Value& one) {
        auto id = read_codec_id(one, !into.plugins.empty());
        if (id) into.codec_places.emplace(*id, folder.place_of(one));
        return id;
    };
    section.read("codec", into.codec, read_id);
    section.read_list("allow", most_items, into.codecs_allowed, read_id);
    const auto& allowed = into.codecs_allowed;
    if (value->problems->none() && std::find(allowed.begin(), allowed.end(), into.codec) == allowed.end())
        value->refuse("what codec " + in_quotes(into.codec) + " seals could not be opened",
                      "add it to allow");
    bool only = true;  // of what the contract offers, this version has one choice each
    section.read("on_failure", only, Choice<bool>{{{"refuse", true}}, {"pass-clear"}});
    section.read("mode", only, Choice<bool>{{{"key", true}}, {"key+registry"}});
    section.read("mark", into.mark, Choice<bool>{{{"true", true}, {"false", false}}});
    if (const auto regions = section.find("regions")) into.regions = read_regions(*regions);
    section.finish();
}

}  // namespace portcullis::settings

namespace portcullis {

Codecs load_codecs(const Settings& settings) {
    settings::check_environment();
    settings::Complaints complaints;
    Codecs codecs;
    codecs.known = codec::Catalogue::built_in();
    for (const auto& plugin : settings.plugins) settings::load(plugin, codecs.known, complaints);
    complaints.tell();  // first: what is not loaded is not known either
    for (const auto& id : settings.codecs_allowed) {
        const auto* codec = codecs.known.find(id);
        if (codec)
            (void)codecs.allowed.add(*codec);  // named twice is allowed once
        else
            complaints.add(settings.codec_places.at(id), "there is no codec " + settings::in_quotes(id),
                           "name a built-in codec, or the id of a plugin");
    }
    complaints.tell();
    codecs.sealing = codecs.allowed.find(settings.codec);
    return codecs;
}

}  // namespace portcullis
