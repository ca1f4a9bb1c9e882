#pragma once
// What a C-STORE would come to, found out by doing it: into nowhere, under keys that nobody keeps. Memory
// does not depend on the size of the object, and the work that one object may cost is bounded.

#include <memory>
#include <optional>
#include <string>

#include "gateway/image/open.hpp"
#include "gateway/image/seal.hpp"
#include "gateway/keys/passing_keys.hpp"
#include "gateway/net/stream.hpp"
#include "gateway/service/intake.hpp"

namespace portcullis::service {

class StoreTrial {
  public:
    static constexpr std::chrono::seconds longest{10};  // of work on one object

    /// `seal`: else the object is only read, as one that passes in the clear.
    StoreTrial(const image::SealParameters&, bool seal, net::Clock::duration at_most = longest);

    /// The next bytes of the data set. Throws nothing, as finish().
    void take(ByteView);
    /// The data set is complete.
    void finish();

    /// Why it would be refused, if it would be.
    const std::optional<NotStored>& failure() const { return failure_; }
    /// What sealing would make of it, once it is finished.
    const std::optional<image::Sealed>& sealed() const { return sealed_; }
    /// Why nothing is known of the end of it, if so.
    const std::optional<std::string>& unfinished() const { return unfinished_; }

  private:
    bool over() const { return failure_ || unfinished_; }
    template <class Work>
    void spend(const Work&);
    void begin(const image::SealParameters&, bool seal);
    void push(ByteView);
    void end();
    void judge(const Result<void>&);

    const Uid sop_instance_;
    const std::size_t at_once_;  // bytes
    net::Clock::duration left_;
    std::unique_ptr<keys::PassingKeys> keys_;
    // One of them, until it is over:
    std::unique_ptr<image::Sealer> sealer_;
    std::unique_ptr<image::Reader> reader_;
    std::optional<NotStored> failure_;
    std::optional<image::Sealed> sealed_;
    std::optional<std::string> unfinished_;
};

}  // namespace portcullis::service
