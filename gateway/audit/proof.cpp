#include "gateway/audit/proof.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "gateway/audit/reader.hpp"
#include "gateway/audit/stored_tree.hpp"

namespace portcullis::audit {

namespace fs = std::filesystem;

namespace {

using Json = nlohmann::ordered_json;

[[noreturn]] void fail(const fs::path& folder, const std::string& what) {
    throw std::runtime_error(folder.string() + ": " + what);
}

std::string line_of(const fs::path& folder, std::uint64_t record) {
    Reader reader(folder, record);
    const auto line = reader.position() == record ? reader.next() : std::nullopt;
    if (!line || seq_of(*line) != record)
        fail(folder, "record " + std::to_string(record) + " is not here; see portcullis audit verify");
    return std::string(*line);
}

// The index is believed only if it leads to the root that was signed.
StoredTree tree_of(const fs::path& folder, const Checkpoint& checkpoint) {
    for (const auto blocks : {Blocks::indexed, Blocks::computed}) {
        StoredTree tree(folder, blocks);
        if (tree.root(0, checkpoint.size) == checkpoint.root) return tree;
    }
    fail(folder, "the log is not the one of its checkpoint; see portcullis audit verify");
}

// Without the signature.
std::optional<std::string> fault_in_path(const Proof& proof) {
    const std::string record = "record " + std::to_string(proof.record);
    const auto hashes = hashes_of(proof.line);
    if (!hashes || !hashes->own || hashes->seq != proof.record)
        return record + " was changed: its line does not have the hash or the number that it carries";
    if (root_of_path(hashes->hash, proof.record - 1, proof.checkpoint.size, proof.path) !=
        proof.checkpoint.root)
        return record + " is not in the log of the checkpoint: its path does not lead to the root";
    return std::nullopt;
}

}  // namespace

Proof prove(const fs::path& folder, std::uint64_t record) {
    const auto checkpoint = latest_checkpoint(folder);
    if (!checkpoint)
        fail(folder, "there is no checkpoint to prove a record by; run the gateway, which makes them");
    if (record == 0 || record > checkpoint->size)
        fail(folder, "no checkpoint speaks of record " + std::to_string(record) +
                         " yet; the latest is of records 1 to " + std::to_string(checkpoint->size));
    Proof proof{record, line_of(folder, record),
                tree_of(folder, *checkpoint).path(record - 1, checkpoint->size), *checkpoint};
    if (const auto fault = fault_in_path(proof)) fail(folder, *fault + "; see portcullis audit verify");
    return proof;
}

std::optional<std::string> fault_of(const Proof& proof, const std::vector<NoteKey>& keys) {
    if (auto fault = fault_in_path(proof)) return fault;
    switch (verify_note(*parse_note(proof.checkpoint.note), keys)) {
        case Signed::yes:
            return std::nullopt;
        case Signed::wrong:
            return "the signature of the checkpoint is wrong";
        case Signed::not_by_these:
            break;
    }
    return "the checkpoint is not signed by the key that was given, but by another";
}

std::string to_json(const Proof& proof) {
    Json path = Json::array();
    for (const auto& hash : proof.path) path.push_back(base64(hash));
    return Json{{"record", proof.record},
                {"index", proof.record - 1},
                {"size", proof.checkpoint.size},
                {"line", proof.line},
                {"path", path},
                {"checkpoint", proof.checkpoint.note}}
        .dump(2);
}

std::optional<Proof> parse_proof(std::string_view text) {
    const auto json = Json::parse(text, nullptr, false);
    const auto is = [&](const char* name, Json::value_t type) {
        return json.contains(name) && json[name].type() == type;
    };
    using enum nlohmann::detail::value_t;
    if (!json.is_object() || !is("record", number_unsigned) || !is("index", number_unsigned) ||
        !is("size", number_unsigned) || !is("line", string) || !is("path", array) ||
        !is("checkpoint", string))
        return std::nullopt;
    auto checkpoint = Checkpoint::parse(json["checkpoint"].get<std::string>());
    Proof proof{json["record"].get<std::uint64_t>(), json["line"].get<std::string>(), {}, {}};
    if (!checkpoint || json["size"] != checkpoint->size || proof.record == 0 ||
        json["index"] != proof.record - 1)
        return std::nullopt;
    for (const auto& item : json["path"]) {
        const auto bytes = item.is_string() ? unbase64(item.get<std::string>()) : std::nullopt;
        if (!bytes || bytes->size() != Hash().size() || proof.path.size() == 64) return std::nullopt;
        std::copy(bytes->begin(), bytes->end(), proof.path.emplace_back().begin());
    }
    proof.checkpoint = std::move(*checkpoint);
    return proof;
}

}  // namespace portcullis::audit
