#pragma once
// The begin of an object of which it is not decided yet what becomes of it: held, and read, until the object
// has said what policy asks. Nothing of it goes on meanwhile.

#include <filesystem>
#include <memory>
#include <optional>

#include "gateway/image/open.hpp"
#include "gateway/image/spool.hpp"

namespace portcullis::service {

class HeldHeader {
  public:
    /// Bytes of a header that are waited for on the way to an archive: what has not been said in them counts
    /// as absent.
    static constexpr std::size_t longest = 64 * 1024;

    HeldHeader(const image::TransferSyntax& syntax, std::filesystem::path folder)
        : reader_(image::make_reader(syntax)), held_(std::move(folder)) {}

    /// The next bytes. Errors: those of image::Reader; of the system, where they cannot be held.
    Result<void> take(ByteView bytes);
    /// The data set is complete.
    Result<void> finish() { return reader_->finish(); }

    /// Modality, institution and department are known, or are not waited for any more.
    bool described() const { return identifiers().described || held_.size() >= longest; }
    const image::Identifiers& identifiers() const { return reader_->identifiers(); }
    const std::string& failure_detail() const { return reader_->failure_detail(); }
    image::Spool& held() { return held_; }

  private:
    std::unique_ptr<image::Reader> reader_;
    image::Spool held_;
};

}  // namespace portcullis::service
