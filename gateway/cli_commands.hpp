#pragma once
// The commands, once the words on the command line are understood. Each throws SettingsError or
// std::runtime_error with one line if it cannot do its work.

#include <filesystem>
#include <iosfwd>

#include "gateway/cli.hpp"

namespace portcullis::cli {

inline constexpr int done = 0;
inline constexpr int failed = 1;
inline constexpr int wrong_usage = 2;

/// Where a command speaks, and whether to a script.
struct Terminal {
    std::ostream& out;
    std::ostream& err;
    bool json = false;
    /// One error for `err`.
    void complain(const std::string& line) const;
};

int version(const Terminal&);
int check(const Terminal&, const std::filesystem::path& file, bool connect, const Commands&);
int keys_init(const Terminal&, const std::filesystem::path& keyring);
int keys_list(const Terminal&, const std::filesystem::path& keyring);

// Without a configuration (an empty path) the codecs are the built-in ones.
int codec_list(const Terminal&, const std::filesystem::path& config);
int codec_bench(const Terminal&, const std::filesystem::path& config, double seconds);

struct CodecReport {
    std::filesystem::path config;
    std::string codec;  // empty: the one that seals, or rabbit-siv
    std::filesystem::path output;
    bool statistics = false;
    std::vector<std::filesystem::path> paths;
};
/// `failed` if the codec is not at expectation.
int codec_report(const Terminal&, const CodecReport&);

/// Files and folders, offline. The keys come from `config`, or else from `keyring` with the built-in codecs.
struct MediaWork {
    std::filesystem::path config;
    std::filesystem::path keyring;
    std::string tenant;            // with a keyring; empty: the default of a configuration
    std::filesystem::path output;  // empty: in place
    unsigned jobs = 0;             // 0: as many as there are processors
    bool explain = false;          // of inspection: also what sealing does to which values
    std::vector<std::filesystem::path> paths;
};
// `failed` if a file was refused or, inspected, does not verify.
int seal_files(const Terminal&, const MediaWork&);
int open_files(const Terminal&, const MediaWork&);
/// Without `config` and `keyring` nothing is verified. What is not sealed is told what sealing would do to
/// it.
int inspect_files(const Terminal&, const MediaWork&);

/// Sends a test study to an archive and back; empty: the first of the configuration. `failed` if it is not
/// safe to seal into it.
int probe_archive(const Terminal&, const std::filesystem::path& config, const std::string& archive);

/// Puts the envelopes of sealed files back into the registry. `failed` if a file was refused.
struct RebuildWork {
    std::filesystem::path config;
    std::string archive;  // whose files they are; empty: the first of the configuration
    unsigned jobs = 0;    // 0: as many as there are processors
    std::vector<std::filesystem::path> paths;
    // From the archive itself; empty: all.
    std::string study = {};  // Study Instance UID
    std::string patient_id = {};
    bool all = false;  // also objects of which the registry has an envelope: it may not be the last one
};
int registry_rebuild(const Terminal&, const RebuildWork&);
/// The same, but retrieves from the archive. `failed` also if a study did not come whole.
int registry_rebuild_from_archive(const Terminal&, const RebuildWork&);
/// Lists what is registered and not in the archive any more, and changes nothing. `failed` if there is any.
int registry_reconcile(const Terminal&, const std::filesystem::path& config, const std::string& archive);

}  // namespace portcullis::cli
