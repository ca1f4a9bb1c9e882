#pragma once
// The configuration file as values: everything checked, every default filled in.

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "codec/plugin_loader.hpp"
#include "gateway/base/address.hpp"
#include "gateway/base/certificate.hpp"
#include "gateway/base/names.hpp"
#include "gateway/base/region_rules.hpp"
#include "gateway/policy/budgets.hpp"
#include "gateway/policy/policy.hpp"
#include "gateway/tls/context.hpp"

namespace portcullis {

/// A file of certificates or a key, and where the configuration names it: file, line, column and key.
struct TlsFile {
    std::string path;
    std::string place;
    /// Wherever it is written.
    bool operator==(const TlsFile& other) const { return path == other.path; }
};

/// An empty path: none.
struct TlsFiles {
    TlsFile certificate, key, authorities;
    const TlsFile& of(tls::File) const;
    bool operator==(const TlsFiles&) const = default;
};

/// Of a listener.
struct ServerTls {
    TlsFiles files;
    tls::ClientCertificate client = tls::ClientCertificate::required;
    bool operator==(const ServerTls&) const = default;
};

/// Of an archive or a peer that is called.
struct ClientTls {
    TlsFiles files;
    std::string name;  // what its certificate must be for: a host name or an address
    bool operator==(const ClientTls&) const = default;
};

/// RFC 5425, RFC 6587 with octet counting, RFC 5426.
enum class SyslogTransport { tls, tcp, udp };

/// An audit record repository (IHE ITI TF-2 3.20), to which audit messages go by syslog.
struct Repository {
    std::string host;
    std::uint16_t port = 6514;
    SyslogTransport transport = SyslogTransport::tls;
    std::optional<ClientTls> tls{};  // with that transport

    /// "audit.example:6514"; no two are at one place.
    std::string where() const;
    bool operator==(const Repository&) const = default;
};

enum class Role { ingress, egress, both };

struct Listener {
    std::string name;
    Role role = Role::ingress;
    std::string address = "0.0.0.0";
    std::uint16_t port = 11112;  // 0: any free one (tests)
    std::optional<ServerTls> tls{};
    bool operator==(const Listener&) const = default;
};

/// Every resource that a peer can make us spend has a limit.
struct Limits {
    std::size_t associations = 500;
    std::size_t per_peer = 50;       // per address
    std::uint32_t pdu = 256 * 1024;  // bytes that we announce and send at most
    std::chrono::milliseconds artim{
        30'000};  // for a TLS handshake, until A-ASSOCIATE-RQ, and for the close after a release or abort
    std::chrono::milliseconds connect{10'000};    // to an archive or destination: TCP, TLS, A-ASSOCIATE-AC
    std::chrono::milliseconds idle{600'000};      // without a PDU from a peer
    std::chrono::milliseconds write{60'000};      // a peer that does not take what we send
    std::chrono::milliseconds response{600'000};  // for an archive's or a destination's answer
    std::chrono::milliseconds shutdown{30'000};   // for running associations after SIGTERM
    std::uint64_t free_space = 128 << 20;         // bytes of the disk that are left for the audit
    bool operator==(const Limits&) const = default;
};

struct CallingAe {
    enum class Kind { mirror, own, map } kind = Kind::mirror;
    std::map<AeTitle, AeTitle> map;  // titles not in it are mirrored
    bool operator==(const CallingAe&) const = default;
};

enum class Durability { strict, batch };
enum class Release { stream, whole };
enum class OnRefused { resume, stop };  // "continue" and "stop" in the file
enum class OnChanged { open, warn, refuse };

/// What is done with an object of which an attribute of the recorded context (FORMAT.md) came back changed.
class Returned {
  public:
    void set(std::uint32_t tag, OnChanged what) { of_[tag] = what; }
    /// What nobody has decided about is refused.
    OnChanged of(std::uint32_t tag) const {
        const auto found = of_.find(tag);
        return found == of_.end() ? OnChanged::refuse : found->second;
    }
    /// What is done with a copy that is not the one that was stored last.
    OnChanged older = OnChanged::warn;

    bool operator==(const Returned&) const = default;

  private:
    std::map<std::uint32_t, OnChanged> of_;
};

/// Who opened an association, as far as that shows.
struct Caller {
    AeTitle calling;
    IpAddress address;
    const Certificate* certificate = nullptr;  // verified; nullptr: none
};

/// How the associations that an archive opens itself are recognised: all that is not empty must hold. A title
/// alone is no identity: there are addresses, or certificates, or both.
struct Inbound {
    std::vector<Network> addresses;                    // default: `host` if it is an address
    std::vector<AeTitle> calling{};                    // empty: any
    std::vector<CertificateCondition> certificates{};  // one of them holds, if there are any

    bool holds_for(const Caller&) const;
    bool operator==(const Inbound&) const = default;
};

struct Archive {
    std::string name;
    AeTitle ae_title;
    std::string host;
    std::uint16_t port = 104;
    std::vector<AeTitle> move_titles;  // default: the gateway's own
    Inbound inbound;
    CallingAe calling_ae;
    Durability durability = Durability::strict;
    Release release = Release::stream;
    OnRefused on_refused = OnRefused::resume;
    bool renumbers = false;  // what was sealed may come back under another SOP Instance UID
    Returned returned{};     // default: identifiers are warned of, geometry and rescale are refused
    std::optional<ClientTls> tls{};
    bool operator==(const Archive&) const = default;
};

/// Where a peer that receives is called.
struct Endpoint {
    std::string host;
    std::uint16_t port = 104;
    std::optional<ClientTls> tls{};
    bool transcode = false;  // what it does not take as it was sealed is sent uncompressed
};

/// What the policy says is done, or everything is relayed as it comes and the gateway only tells what it
/// would do.
enum class Mode { enforce, observe };

constexpr std::string_view name(Mode mode) {
    return mode == Mode::observe ? "observe" : "enforce";
}

/// When the audit log begins a new file: at so many bytes, or when its first record is so old.
struct Rotate {
    std::uint64_t size = std::uint64_t{1} << 30;
    std::chrono::milliseconds age = std::chrono::hours(24);
    bool operator==(const Rotate&) const = default;
};

/// A codec that is loaded from a file.
struct Plugin {
    codec::PluginFile file;
    std::string place;  // file, line, column and key where it is written
    /// Wherever it is written.
    bool operator==(const Plugin& other) const { return file == other.file; }
};

struct Settings {
    std::string gateway_id;
    std::string tenant = "default";
    AeTitle ae_title = *AeTitle::parse("PORTCULLIS");
    std::vector<Listener> listen;
    Limits limits;
    std::vector<Archive> archives;  // at least one; the first is the default
    std::vector<policy::Peer> peers;
    std::map<std::string, Endpoint> endpoints;  // by name of peer
    std::vector<policy::Group> groups;
    std::vector<policy::Rule> rules;
    policy::Decision otherwise = policy::Decision::refuse;
    std::vector<policy::Budget> budgets;
    bool pass_unregistered = false;
    std::vector<Plugin> plugins;
    std::string codec = "rabbit-siv";  // as load_codecs() knows it
    std::vector<std::string> codecs_allowed = {"rabbit-siv", "none"};
    std::map<std::string, std::string> codec_places;  // where seal.codec or seal.allow names one
    bool mark = true;                                 // in Image Comments of what is sealed
    RegionRules regions;  // which values are sealed besides those that always are, and which are not
    std::filesystem::path keyring;
    std::string registry = "sqlite:///var/lib/portcullis/registry.db";
    std::filesystem::path audit = "/var/lib/portcullis/audit";
    std::filesystem::path journal = "/var/lib/portcullis/journal";  // beside the audit log
    bool hashed_identifiers = false;                                // in the audit log
    Rotate rotate;
    std::chrono::milliseconds checkpoint{60'000};  // how often the audit log is signed, if there is news
    std::vector<Repository> repositories;          // of audit messages
    Mode mode = Mode::enforce;
    std::string admin_address = "127.0.0.1";
    std::uint16_t admin_port = 8104;

    /// The archive that this title calls, or nullptr.
    const Archive* archive_called(const AeTitle&) const;
    const Archive* archive_named(std::string_view) const;
    /// The archive for which a scanner's or viewer's association to this title is meant: by the archive's
    /// own, or the first by the gateway's; or nullptr.
    const Archive* archive_for(const AeTitle& called) const;
    /// The archive that knows the gateway by this move title and is the caller, or nullptr.
    const Archive* archive_delivering(const AeTitle& called, const Caller&) const;
    /// The archive that is the caller, or nullptr. Of several the one whose title it calls by.
    const Archive* archive_calling(const Caller&) const;
};

/// Of this machine: the gateway's id where a configuration gives none.
std::string host_name();

/// One line: what, where (file, line and column from 1, key), what to do.
class SettingsError : public std::runtime_error {
    using std::runtime_error::runtime_error;
};

/// Throws SettingsError: at the first error of syntax, or with all errors of content, one per line.
Settings read_settings(const std::filesystem::path& file);
Settings parse_settings(const std::string& text, const std::string& file_name);

/// What differs between two configurations and counts from a start only, that is, all but peers, groups and
/// policy: keys as in "gateway.listen".
std::vector<std::string> needing_restart(const Settings& running, const Settings& fresh);

/// The codecs of a configuration, the plugins among them loaded.
struct Codecs {
    codec::Catalogue known;                 // built in, and loaded
    codec::Catalogue allowed;               // those of them that may be opened
    const codec::Codec* sealing = nullptr;  // one of `allowed`
};

/// Runs the plugins' self-tests and loads them: before the process has threads. Throws SettingsError.
Codecs load_codecs(const Settings&);

/// What the files of the tls sections hold.
class TlsContexts {
  public:
    // nullptr: plain TCP.
    std::shared_ptr<const tls::Context> of_listener(const std::string& name) const {
        return find(listeners_, name);
    }
    std::shared_ptr<const tls::Context> of_archive(const std::string& name) const {
        return find(archives_, name);
    }
    std::shared_ptr<const tls::Context> of_peer(const std::string& name) const { return find(peers_, name); }
    std::shared_ptr<const tls::Context> of_repository(const Repository& repository) const {
        return find(repositories_, repository.where());
    }

  private:
    friend TlsContexts load_tls(const Settings&);
    using ByName = std::map<std::string, std::shared_ptr<const tls::Context>>;
    static std::shared_ptr<const tls::Context> find(const ByName&, const std::string& name);

    ByName listeners_, archives_, peers_, repositories_;
};

/// Reads the files. Throws SettingsError, with one line for each section of which one cannot be used.
TlsContexts load_tls(const Settings&);

}  // namespace portcullis
