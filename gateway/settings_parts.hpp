#pragma once
// The parts of the configuration file, each read by a function of its own, in this order: what a later part
// refers to has been read before.

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "gateway/settings.hpp"
#include "gateway/settings_reader.hpp"

namespace portcullis::settings {

/// What the parts know of each other.
struct Names {
    std::vector<std::string> archives;
    std::vector<std::string> peers;
    std::vector<std::string> groups;

    /// Reads a name of this kind. No two share one: from and to do not say which kind they mean.
    std::optional<std::string> claim(const Value& where, std::vector<std::string>& kind);
};

/// Who answers to an AE title: where two do, nobody can say which of them is called.
class TitleOwners {
  public:
    void claim(const Value& where, const AeTitle& title, const std::string& owner);

  private:
    std::map<AeTitle, std::string> owners_;
};

/// What is written relative to the file, made absolute.
class Folder {
  public:
    explicit Folder(const std::string& file_name)
        : file_name_(file_name), folder_(std::filesystem::absolute(file_name).parent_path()) {}
    std::string resolve(const std::string& path) const {
        const auto resolved = (folder_ / path).lexically_normal();
        return (resolved.has_filename() ? resolved : resolved.parent_path()).string();
    }
    auto reader() const {
        return [this](const Value& value) -> std::optional<std::string> {
            const auto text = read_text(value);
            if (!text) return std::nullopt;
            return resolve(*text);
        };
    }
    /// As an error names it: file, line, column and key.
    std::string place_of(const Value& value) const;

  private:
    std::string file_name_;
    std::filesystem::path folder_;
};

inline constexpr std::size_t most_archives = 64;
inline constexpr std::size_t most_repositories = 8;
inline constexpr std::size_t most_peers = 4096;
inline constexpr std::size_t most_items = 256;  // of a list inside an archive, a peer or a rule

/// An address that stands for a peer or an archive, with what the checks need of it.
struct Origins {
    Network network;
    IpAddress base;
    bool too_wide;  // under 8 bits of IPv4, 16 of IPv6: not a place but nearly everywhere
    bool overlaps(const Origins& other) const {
        return network.contains(other.base) || other.network.contains(base);
    }
};
std::optional<Origins> read_origins(const Value&);
/// Printable ASCII, at most 64 characters: what appears in records and envelopes.
std::optional<std::string> read_label(const Value&);

/// Identifiers are warned of, geometry and rescale are refused.
Returned default_returned();
std::optional<Returned> read_returned(const Value&);

/// seal.regions.
RegionRules read_regions(const Value&);

ServerTls read_server_tls(const Value&, const Folder&);
/// `host`: where it is called.
ClientTls read_client_tls(const Value&, const Folder&, const std::string& host);
/// The same keys, where they are not the only ones of the section.
ClientTls read_client_files(Section&, const Folder&, const std::string& host);

/// certificate of a peer, a rule, or what an archive opens: at least one condition, of which one must hold.
std::vector<CertificateCondition> read_certificates(Section&);

/// audit.syslog: one, or a list.
std::vector<Repository> read_repositories(const Value&, const Folder&);

/// Whether a rule is about pushes, among others or alone; and what it can then mean.
bool is_about_push(const policy::Rule&);
bool is_about_push_alone(const policy::Rule&);
void check_push(Section& section, const policy::Rule&, const Settings&);

/// policy.budgets; `rules`: what they may name.
std::vector<policy::Budget> read_budgets(const Value&, const Names&, const std::vector<policy::Rule>& rules);

void read_gateway(Section& root, const Folder&, Settings& into);  // and admin, whose address must differ
void read_archives(Section& root, const Folder&, Settings& into, Names& names);
void read_peers(Section& root, const Folder&, Settings& into, Names& names);  // and groups
void read_policy(Section& root, Settings& into, const Names& names);
void read_seal(Section& root, const Folder& folder, Settings& into);

}  // namespace portcullis::settings
