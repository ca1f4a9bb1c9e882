#include "gateway/auditor/chain.hpp"

#include <algorithm>

#include "gateway/audit/files.hpp"
#include "gateway/audit/index.hpp"

namespace portcullis::auditor {

namespace fs = std::filesystem;

namespace {

const audit::Known nothing_from_elsewhere;

/// The tree of the records up to the head, if a file begins behind it and has an index that fits.
std::optional<audit::MerkleTree> tree_before(const fs::path& log, const audit::Head& head) {
    if (head.records == 0) return audit::MerkleTree();
    const auto files = audit::all_files(log);
    const auto file = std::find_if(files.begin(), files.end(),
                                   [&](const auto& one) { return one.first == head.records + 1; });
    if (file == files.end()) return std::nullopt;
    const auto index = audit::Index::open(audit::index_path(file->path), file->first);
    if (!index || index->before().head.hash != head.hash) return std::nullopt;
    return index->before().tree;
}

}  // namespace

Chain::Chain(const fs::path& log) : log_(log), evidence_(std::in_place, log, nothing_from_elsewhere) {
    if (const auto wrong = evidence_->fault()) fault_ = *wrong;
}

void Chain::begin(const audit::LineHashes& first) {
    head_ = audit::Head{first.seq - 1, first.prev};
    if (evidence_) tree_ = tree_before(log_, *head_);
    compare();
}

void Chain::compare() {
    if (!tree_) return;
    if (const auto wrong = evidence_->compare(*tree_))
        fault_ = wrong->what + " (or an index of the log is damaged: see portcullis audit verify)";
}

void Chain::follow(std::string_view line) {
    ++records_;
    if (!fault_.empty()) return;
    const auto hashes = audit::hashes_of(line);
    if (!head_ && hashes) begin(*hashes);
    if (!head_) {
        fault_ = "a line is not a record";
        return;
    }
    const auto expected = head_->records + 1;
    if (const auto wrong = audit::follow(hashes, *head_)) {
        fault_ = "record " + std::to_string(expected) + " " + *wrong;
        return;
    }
    if (!tree_) return;
    tree_->add(head_->hash);
    compare();
}

}  // namespace portcullis::auditor
