// What a running gateway cannot change: it holds files, sockets and threads that were made from it.

#include <array>

#include "gateway/settings.hpp"

namespace portcullis {

namespace {

struct Key {
    std::string_view name;
    bool (*same)(const Settings&, const Settings&);
};

template <auto member>
bool same(const Settings& running, const Settings& fresh) {
    return running.*member == fresh.*member;
}

constexpr std::array keys{
    Key{"gateway.id", same<&Settings::gateway_id>},
    Key{"gateway.tenant", same<&Settings::tenant>},
    Key{"gateway.ae_title", same<&Settings::ae_title>},
    Key{"gateway.listen", same<&Settings::listen>},
    Key{"gateway.limits", same<&Settings::limits>},
    Key{"archives", same<&Settings::archives>},
    Key{"seal.plugins", same<&Settings::plugins>},
    Key{"seal.codec", same<&Settings::codec>},
    Key{"seal.allow", same<&Settings::codecs_allowed>},
    Key{"seal.mark", same<&Settings::mark>},
    Key{"seal.regions", same<&Settings::regions>},
    Key{"keys.keyring", same<&Settings::keyring>},
    Key{"registry", same<&Settings::registry>},
    Key{"audit.log", same<&Settings::audit>},
    Key{"audit.identifiers", same<&Settings::hashed_identifiers>},
    Key{"audit.rotate", same<&Settings::rotate>},
    Key{"audit.checkpoint", same<&Settings::checkpoint>},
    Key{"audit.syslog", same<&Settings::repositories>},
    Key{"mode", same<&Settings::mode>},
    Key{"admin.listen", same<&Settings::admin_address>},
    Key{"admin.listen", same<&Settings::admin_port>},
};

}  // namespace

std::vector<std::string> needing_restart(const Settings& running, const Settings& fresh) {
    std::vector<std::string> names;
    for (const auto& key : keys) {
        const bool named = !names.empty() && names.back() == key.name;
        if (!named && !key.same(running, fresh)) names.emplace_back(key.name);
    }
    return names;
}

}  // namespace portcullis
