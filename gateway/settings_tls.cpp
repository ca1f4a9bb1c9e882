// tls of listeners, archives, peers and repositories: what is written is read here, the files are looked into
// by load_tls().

#include "gateway/settings_parts.hpp"

namespace portcullis::settings {

namespace {

auto file_of(const Folder& folder) {
    return [&folder](const Value& value) -> std::optional<TlsFile> {
        const auto path = folder.reader()(value);
        if (!path) return std::nullopt;
        return TlsFile{*path, folder.place_of(value)};
    };
}

/// A certificate is of no use without its key, nor the key without it.
void check_pair(Section& section, const TlsFiles& files) {
    if (files.certificate.path.empty() == files.key.path.empty()) return;
    section.value().refuse(
        files.key.path.empty() ? "a certificate without its key" : "a key without its certificate",
        "add the other, or remove it");
}

constexpr std::size_t longest_path = 4096;  // what Linux takes: a path that is cut names no file

/// One line for each file that cannot be used.
class Loading {
  public:
    template <class Make>
    std::shared_ptr<const tls::Context> load(const TlsFiles& files, Make make) {
        try {
            return make(tls::Files{files.certificate.path, files.key.path, files.authorities.path});
        } catch (const tls::Unusable& unusable) {
            const auto& file = files.of(unusable.file);
            text_ += (text_.empty() ? "" : "\n") + file.place + ": " + in_quotes(file.path, longest_path) +
                     ' ' + unusable.what() + "; " + unusable.remedy;
            return nullptr;
        }
    }
    void tell() const {
        if (!text_.empty()) throw SettingsError(text_);
    }

  private:
    std::string text_;
};

}  // namespace

ServerTls read_server_tls(const Value& value, const Folder& folder) {
    ServerTls made;
    Section section(value);
    section.read_required("certificate", made.files.certificate, file_of(folder));
    section.read_required("key", made.files.key, file_of(folder));
    section.read("authorities", made.files.authorities, file_of(folder));
    using enum tls::ClientCertificate;
    section.read(
        "client_certificate", made.client,
        Choice<tls::ClientCertificate>{{{"required", required}, {"optional", optional}, {"none", none}}});
    section.finish();
    if (made.client != none && !section.find("authorities") && value.node->kind == Node::Kind::mapping)
        value.refuse("whose certificates are accepted is not said",
                     "add authorities, or client_certificate: none");
    if (made.client == none && section.find("authorities"))
        section.find("authorities")
            ->refuse("no client certificate is asked for", "remove it, or client_certificate: none");
    return made;
}

ClientTls read_client_files(Section& section, const Folder& folder, const std::string& host) {
    ClientTls made;
    made.name = host;
    section.read("certificate", made.files.certificate, file_of(folder));
    section.read("key", made.files.key, file_of(folder));
    section.read_required("authorities", made.files.authorities, file_of(folder));
    section.read("name", made.name, read_host);
    check_pair(section, made.files);
    return made;
}

ClientTls read_client_tls(const Value& value, const Folder& folder, const std::string& host) {
    Section section(value);
    auto made = read_client_files(section, folder, host);
    section.finish();
    return made;
}

}  // namespace portcullis::settings

namespace portcullis {

const TlsFile& TlsFiles::of(tls::File which) const {
    switch (which) {
        case tls::File::certificate:
            return certificate;
        case tls::File::key:
            return key;
        case tls::File::authorities:
            break;
    }
    return authorities;
}

std::shared_ptr<const tls::Context> TlsContexts::find(const ByName& contexts, const std::string& name) {
    const auto found = contexts.find(name);
    return found == contexts.end() ? nullptr : found->second;
}

TlsContexts load_tls(const Settings& settings) {
    TlsContexts made;
    settings::Loading loading;
    const auto load_client = [&](const ClientTls& tls) {
        return loading.load(tls.files,
                            [&](const tls::Files& files) { return tls::Context::client(files, tls.name); });
    };
    for (const auto& listener : settings.listen) {
        if (!listener.tls) continue;
        made.listeners_[listener.name] = loading.load(listener.tls->files, [&](const tls::Files& files) {
            return tls::Context::server(files, listener.tls->client);
        });
    }
    for (const auto& archive : settings.archives)
        if (archive.tls) made.archives_[archive.name] = load_client(*archive.tls);
    for (const auto& [peer, endpoint] : settings.endpoints)
        if (endpoint.tls) made.peers_[peer] = load_client(*endpoint.tls);
    for (const auto& repository : settings.repositories)
        if (repository.tls) made.repositories_[repository.where()] = load_client(*repository.tls);
    loading.tell();
    return made;
}

}  // namespace portcullis
