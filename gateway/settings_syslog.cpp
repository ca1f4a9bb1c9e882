// audit.syslog: where audit messages go.

#include "gateway/settings_parts.hpp"

namespace portcullis {

std::string Repository::where() const {
    return host + ":" + std::to_string(port);
}

namespace settings {

namespace {

/// The port of the standard: RFC 5425 4.1, the custom of rsyslog for TCP, RFC 5426 3.3.
std::uint16_t port_of(SyslogTransport transport) {
    switch (transport) {
        case SyslogTransport::tcp:
            return 601;
        case SyslogTransport::udp:
            return 514;
        case SyslogTransport::tls:
            break;
    }
    return 6514;
}

void refuse_tls(Section& section) {
    for (const char* key : {"authorities", "certificate", "key", "name"})
        if (const auto value = section.find(key))
            value->refuse("it is for transport: tls", "remove it, or write transport: tls");
}

std::optional<Repository> read_repository(const Value& value, const Folder& folder) {
    Repository made;
    Section section(value);
    section.read_required("host", made.host, read_host);
    section.read(
        "transport", made.transport,
        Choice<SyslogTransport>{
            {{"tls", SyslogTransport::tls}, {"tcp", SyslogTransport::tcp}, {"udp", SyslogTransport::udp}}});
    made.port = port_of(made.transport);
    section.read("port", made.port, read_port);
    if (made.transport == SyslogTransport::tls)
        made.tls = read_client_files(section, folder, made.host);
    else
        refuse_tls(section);
    section.finish();
    return made;
}

}  // namespace

std::vector<Repository> read_repositories(const Value& value, const Folder& folder) {
    std::vector<Repository> made;
    const auto read = [&](const Value& one) {
        auto repository = read_repository(one, folder);
        for (const auto& other : made)
            if (repository && !repository->host.empty() && other.where() == repository->where())
                one.refuse("there is a repository at " + other.where() + " already", remove_it);
        if (repository) made.push_back(*repository);
        return repository;
    };
    read_one_or_more(value, most_repositories, read);
    return made;
}

}  // namespace settings

}  // namespace portcullis
