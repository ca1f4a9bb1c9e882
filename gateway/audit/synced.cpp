#include "gateway/audit/synced.hpp"

#include <fcntl.h>

#include <sstream>

namespace portcullis::audit {

namespace fs = std::filesystem;

namespace {

fs::path path_in(const fs::path& folder) {
    return folder / "audit.synced";
}

bool read_tree(std::istream& words, Synced& into) {
    if (!(words >> into.first)) return words.eof();
    std::vector<Hash> frontier;
    for (std::string hash; words >> hash;)
        if (!unhex(hash, frontier.emplace_back())) return false;
    into.tree = MerkleTree::resume(into.head.records, frontier);
    return into.tree && into.first > 0 && into.first <= into.head.records + 1;
}

}  // namespace

std::optional<Synced> read_synced(const fs::path& folder) {
    const auto path = path_in(folder);
    if (!fs::exists(path)) return std::nullopt;
    std::string text(8192, '\0');
    text.resize(journal::File(path, O_RDONLY).read_at(0, text));
    std::istringstream words(text);
    std::string hash;
    Synced synced;
    if (!(words >> synced.end >> synced.head.records >> hash) || !unhex(hash, synced.head.hash) ||
        !read_tree(words, synced))
        journal::fail(path, "is malformed; delete it: the whole audit log is then checked at start");
    return synced;
}

void write_synced(const fs::path& folder, std::uint64_t first, std::uint64_t end, const State& state) {
    std::string text = std::to_string(end) + " " + std::to_string(state.head.records) + " " +
                       hex(state.head.hash) + " " + std::to_string(first) + "\n";
    for (const auto& hash : state.tree.frontier()) text += hex(hash) + "\n";
    journal::replace_file(path_in(folder), text);
}

}  // namespace portcullis::audit
