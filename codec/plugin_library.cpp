#include "codec/plugin_library.hpp"

#include <dlfcn.h>
#include <fcntl.h>

#include <cstring>

#include "codec/envelope.hpp"

namespace portcullis::codec {

namespace {

static_assert(PORTCULLIS_PLUGIN_MOST_KEY == limits::codec_key);

constexpr const char* symbol = "portcullis_plugin_describe";
constexpr std::size_t longest_id = 32;

std::string name_of(int file) {
    return "/proc/self/fd/" + std::to_string(file);
}

/// The loader takes a name that it knows for the library that it knows: one that cannot be unloaded keeps the
/// number of a file that is long closed.
bool is_known_to_loader(int file) {
    void* const known = ::dlopen(name_of(file).c_str(), RTLD_LAZY | RTLD_NOLOAD);
    if (known) ::dlclose(known);
    return known != nullptr;
}

FileDescriptor sealed_under_new_number(const std::string& bytes) {
    FileDescriptor file = sealed_in_memory(bytes);
    while (is_known_to_loader(file.number())) {
        FileDescriptor next(::fcntl(file.number(), F_DUPFD_CLOEXEC, file.number() + 1));
        if (!next.is_open()) throw system_error("cannot be copied into memory");
        file = std::move(next);
    }
    return file;
}

/// What the loader says, without the name that it knows the file by.
PluginError loader_error(const std::string& name) {
    const char* const said = ::dlerror();
    std::string text = said ? said : "for no known reason";
    if (text.rfind(name + ": ", 0) == 0) text.erase(0, name.size() + 2);
    return PluginError("cannot be loaded: " + text);
}

void check(const portcullis_plugin& plugin) {
    if (!plugin.id || ::strnlen(plugin.id, longest_id + 1) > longest_id || !is_codec_id(plugin.id))
        throw PluginError("its id is not 1 to 32 of a-z, 0-9 and '-'");
    if (Catalogue::built_in().find(plugin.id))
        throw PluginError("its id, '" + std::string(plugin.id) + "', is that of a built-in codec");
    if (plugin.key_length > PORTCULLIS_PLUGIN_MOST_KEY)
        throw PluginError("asks for a key of " + std::to_string(plugin.key_length) + " bytes; " +
                          std::to_string(PORTCULLIS_PLUGIN_MOST_KEY) + " is the most");
    if (!plugin.create || !plugin.destroy || !plugin.encrypt_unit || !plugin.decrypt_unit)
        throw PluginError("lacks create, destroy, encrypt_unit or decrypt_unit");
}

}  // namespace

PluginLibrary::PluginLibrary(const std::string& bytes)
    : file_(sealed_under_new_number(bytes)),
      handle_(::dlopen(name_of(file_.number()).c_str(), RTLD_NOW | RTLD_LOCAL)) {
    if (!handle_) throw loader_error(name_of(file_.number()));
}

PluginLibrary::~PluginLibrary() {
    ::dlclose(handle_);
}

portcullis_plugin PluginLibrary::describe() const {
    const auto ask = reinterpret_cast<decltype(&portcullis_plugin_describe)>(::dlsym(handle_, symbol));
    if (!ask) throw PluginError("exports no " + std::string(symbol));
    const portcullis_plugin* const described = ask();
    if (!described) throw PluginError("describes nothing");
    if (described->abi != PORTCULLIS_PLUGIN_ABI)
        throw PluginError("was compiled for ABI " + std::to_string(described->abi) +
                          ", this program has ABI " + std::to_string(PORTCULLIS_PLUGIN_ABI));
    check(*described);
    return *described;
}

}  // namespace portcullis::codec
