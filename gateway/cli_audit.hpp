#pragma once
// What the audit commands share.

#include <filesystem>
#include <string>
#include <vector>

#include "gateway/audit/note.hpp"
#include "gateway/cli_words.hpp"

namespace portcullis::cli {

/// Throws std::runtime_error with one line.
std::string read_all(const std::filesystem::path& path);
/// What `audit key` prints, its first line alone, or an Ed25519 public key in PEM. Throws std::runtime_error
/// with one line.
audit::NoteKey read_note_key(const std::filesystem::path& path);
/// `failed` if the proof does not hold.
int verify_proof(const Terminal&, const std::filesystem::path& proof, const std::vector<std::string>& keys);

/// `prove` and `key`.
void add_audit_proof(CLI::App& audit, Typed& typed);

}  // namespace portcullis::cli
