#include "gateway/settings.hpp"

#include <algorithm>
#include <fstream>
#include <iterator>

#include "gateway/settings_parts.hpp"

namespace portcullis {

namespace {

using namespace settings;
namespace fs = std::filesystem;

using namespace std::chrono_literals;

constexpr std::size_t most_bytes = 1 << 20;
constexpr std::string_view sqlite = "sqlite://";

void read_keys(const Value& value, const Folder& folder, Settings& into) {
    Section section(value);
    section.read_required("keyring", into.keyring, folder.reader());
    section.later({"pkcs11", "recovery"});
    section.finish();
}

void read_registry(const Value& value, const Folder& folder, Settings& into) {
    const std::string remedy = "write as in sqlite:///var/lib/portcullis/registry.db";
    if (value.node->kind == Node::Kind::mapping) {
        value.refuse("a registry with a password is " + std::string(not_in_this_version), remedy);
        return;
    }
    const auto url = read_text(value);
    if (!url) return;
    if (url->rfind("postgresql://", 0) == 0)
        value.refuse("PostgreSQL is " + std::string(not_in_this_version), remedy);
    else if (url->rfind(sqlite, 0) != 0 || url->size() == sqlite.size() || url->back() == '/')
        value.refuse(in_quotes(*url) + " is not a registry", remedy);
    else
        into.registry = std::string(sqlite) + folder.resolve(url->substr(sqlite.size()));
}

void read_rotate(const Value& value, Rotate& into) {
    Section section(value);
    section.read("size", into.size, size_between(std::uint64_t{64} << 10, std::uint64_t{1} << 40));
    section.read("age", into.age, duration_between(1min, 366 * 24h));
    section.finish();
}

void read_audit(const Value& value, const Folder& folder, Settings& into) {
    Section section(value);
    section.read("log", into.audit, folder.reader());
    section.read("identifiers", into.hashed_identifiers, Choice<bool>{{{"plain", false}, {"hashed", true}}});
    section.read("checkpoint", into.checkpoint, duration_between(1s, 24h));
    if (const auto rotate = section.find("rotate")) read_rotate(*rotate, into.rotate);
    if (const auto syslog = section.find("syslog")) into.repositories = read_repositories(*syslog, folder);
    section.finish();
    into.journal = into.audit.parent_path() / "journal";
}

void read_root(const Node& tree, const Folder& folder, Settings& into, Problems& problems) {
    Section root({&tree, "", &problems});
    Names names;
    read_gateway(root, folder, into);
    read_archives(root, folder, into, names);
    read_peers(root, folder, into, names);
    read_policy(root, into, names);
    read_seal(root, folder, into);
    if (const auto value = root.require("keys")) read_keys(*value, folder, into);
    if (const auto value = root.find("registry")) read_registry(*value, folder, into);
    if (const auto value = root.find("audit")) read_audit(*value, folder, into);
    root.read("mode", into.mode, Choice<Mode>{{{"enforce", Mode::enforce}, {"observe", Mode::observe}}});
    root.finish();
}

bool contains(const std::vector<AeTitle>& titles, const AeTitle& title) {
    return std::find(titles.begin(), titles.end(), title) != titles.end();
}

}  // namespace

const Archive* Settings::archive_called(const AeTitle& title) const {
    for (const Archive& archive : archives)
        if (archive.ae_title == title) return &archive;
    return nullptr;
}

const Archive* Settings::archive_named(std::string_view name) const {
    for (const Archive& archive : archives)
        if (archive.name == name) return &archive;
    return nullptr;
}

const Archive* Settings::archive_for(const AeTitle& called) const {
    if (const auto* archive = archive_called(called)) return archive;
    return called == ae_title ? &archives.front() : nullptr;
}

bool Inbound::holds_for(const Caller& caller) const {
    if (addresses.empty() && certificates.empty()) return false;
    return (addresses.empty() || any_contains(addresses, caller.address)) &&
           (calling.empty() || contains(calling, caller.calling)) &&
           (certificates.empty() || any_holds(certificates, caller.certificate));
}

const Archive* Settings::archive_delivering(const AeTitle& called, const Caller& caller) const {
    for (const Archive& archive : archives)
        if (archive.inbound.holds_for(caller) && contains(archive.move_titles, called)) return &archive;
    return nullptr;
}

const Archive* Settings::archive_calling(const Caller& caller) const {
    std::vector<const Archive*> found;
    for (const Archive& archive : archives)
        if (archive.inbound.holds_for(caller)) found.push_back(&archive);
    if (found.size() > 1)
        std::erase_if(found, [&](const Archive* archive) {
            return archive->ae_title != caller.calling && !contains(archive->inbound.calling, caller.calling);
        });
    return found.size() == 1 ? found.front() : nullptr;
}

Settings parse_settings(const std::string& text, const std::string& file_name) {
    if (text.size() > most_bytes)
        throw SettingsError(file_name + ":1:1: the file has more than 1 MiB; is it the configuration?");
    Settings made;
    Problems problems;
    try {
        read_root(parse_yaml(text), Folder(file_name), made, problems);
    } catch (const SyntaxError& error) {
        problems = {};
        problems.add(error.at, "", "not readable as YAML", error.what());
    }
    if (!problems.none()) throw SettingsError(problems.str(file_name));
    return made;
}

Settings read_settings(const fs::path& file) {
    std::error_code error;
    std::ifstream input(file, std::ios::binary);
    if (!fs::is_regular_file(file, error) || !input)
        throw SettingsError(file.string() + ": cannot be read; check the path and its permissions");
    std::string text(most_bytes + 1, '\0');
    input.read(text.data(), static_cast<std::streamsize>(text.size()));
    text.resize(static_cast<std::size_t>(input.gcount()));
    return parse_settings(text, file.string());
}

}  // namespace portcullis
