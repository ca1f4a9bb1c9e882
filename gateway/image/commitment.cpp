#include "gateway/image/commitment.hpp"

#include <optional>
#include <string>

#include "gateway/image/deflate.hpp"
#include "gateway/image/error.hpp"
#include "gateway/image/scan.hpp"
#include "gateway/image/tags.hpp"

namespace portcullis::image {

namespace {

/// Keeps the Transaction UID, and of the items of the two lists the Referenced SOP Instance UID (0008,1155).
class Lists final : public ScanHandler {
  public:
    /// `scanner` is the one that calls this.
    void follow(const Scanner& scanner) { scanner_ = &scanner; }

    Result<void> begin_element(const Element& element, ByteView) override {
        in_transaction_ = element.tag == tag::transaction_uid;
        return {};
    }
    Result<void> value(ByteView bytes) override {
        if (in_transaction_ || list_) text_.append(as_text(bytes));
        return {};
    }
    Result<void> end_element() override {
        if (!std::exchange(in_transaction_, false)) return {};
        transaction_ = Uid::parse(std::exchange(text_, {}));
        return transaction_ ? Result<void>() : errc::malformed;
    }
    Result<void> begin_item(std::uint32_t, ByteView) override { return {}; }
    Result<void> end_item() override { return {}; }

    Result<void> begin_nested(const Element& element, ByteView) override {
        list_ = element.tag == tag::referenced_sop_instance_uid ? list_of(scanner_->path()) : nullptr;
        return {};
    }
    Result<void> end_nested() override {
        auto* list = std::exchange(list_, nullptr);
        if (!list) return {};
        const auto uid = Uid::parse(std::exchange(text_, {}));
        if (!uid || referenced_.size() + failed_.size() == most_committed) return errc::malformed;
        list->push_back(*uid);
        return {};
    }

    Result<Commitment> take() {
        if (!transaction_) return errc::malformed;
        return Commitment{*transaction_, std::move(referenced_), std::move(failed_)};
    }

  private:
    std::vector<Uid>* list_of(const codec::Path& path) {
        if (path.within.size() != 1) return nullptr;
        if (path.within.front().sequence == tag::referenced_sop_sequence) return &referenced_;
        return path.within.front().sequence == tag::failed_sop_sequence ? &failed_ : nullptr;
    }

    const Scanner* scanner_ = nullptr;
    bool in_transaction_ = false;
    std::vector<Uid>* list_ = nullptr;  // to which the current value belongs
    std::string text_;
    std::optional<Uid> transaction_;
    std::vector<Uid> referenced_;
    std::vector<Uid> failed_;
};

Result<Commitment> read(ByteView data_set, Encoding encoding) {
    Lists lists;
    Scanner scanner(encoding, lists);
    lists.follow(scanner);
    if (const auto scanned = scanner.push(data_set); !scanned) return scanned.error();
    if (const auto finished = scanner.finish(); !finished) return finished.error();
    return lists.take();
}

}  // namespace

Result<Commitment> read_commitment(ByteView data_set, const TransferSyntax& syntax) {
    if (data_set.size() > longest_commitment) return errc::malformed;
    if (!syntax.deflated) return read(data_set, syntax.encoding);
    const auto plain = inflated(data_set, longest_commitment);
    if (!plain) return plain.error();
    return read(*plain, syntax.encoding);
}

}  // namespace portcullis::image
