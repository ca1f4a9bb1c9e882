#include "gateway/auditor/chain.hpp"

namespace portcullis::auditor {

void Chain::follow(std::string_view line) {
    ++records_;
    if (!fault_.empty()) return;
    const auto hashes = audit::hashes_of(line);
    if (!head_ && hashes) head_ = audit::Head{hashes->seq - 1, hashes->prev};
    if (!head_) {
        fault_ = "a line is not a record";
        return;
    }
    const auto expected = head_->records + 1;
    if (const auto wrong = audit::follow(hashes, *head_))
        fault_ = "record " + std::to_string(expected) + " " + *wrong;
}

}  // namespace portcullis::auditor
