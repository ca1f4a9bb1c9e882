#include "gateway/audit/audit.hpp"
#include "gateway/audit/files.hpp"
#include "gateway/audit/line.hpp"
#include "gateway/audit/lines.hpp"

namespace portcullis::audit {

Verified verify(const std::filesystem::path& folder) {
    Verified verified;
    Head head;
    MerkleTree tree;
    std::uint64_t offset = 0;
    Files files(folder, 1);
    while (const auto part = files.more(offset, head.records + 1)) {
        LineReader lines(part->file, part->begin, part->end);
        while (const auto line = lines.next()) {
            if (auto fault = follow(*line, head)) {
                verified.fault = Fault{head.records + 1, std::move(*fault)};
                break;
            }
            tree.add(head.hash);
        }
        offset = lines.offset();
        if (!verified.fault && offset != part->end)
            verified.fault = Fault{head.records + 1, "is torn: it does not end with a line feed"};
        if (verified.fault) break;
    }
    verified.records = head.records;
    verified.root_hash = hex(tree.root());
    return verified;
}

}  // namespace portcullis::audit
