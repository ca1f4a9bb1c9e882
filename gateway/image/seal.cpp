#include "gateway/image/seal.hpp"

#include "gateway/image/changes.hpp"
#include "gateway/image/deflated.hpp"
#include "gateway/image/seal_regions.hpp"

namespace portcullis::image {

namespace {

/// Hands on what is written; keeps the first error.
class Feed final : public ByteSink {
  public:
    Feed(RegionSealer& sealer, ByteSink& out) : sealer_(sealer), out_(out) {}
    void write(ByteView bytes) override {
        if (status) status = sealer_.push(bytes, out_);
    }
    Result<void> status;

  private:
    RegionSealer& sealer_;
    ByteSink& out_;
};

/// First the small changes, then the regions.
class TwoStageSealer final : public Sealer {
  public:
    TwoStageSealer(const SealParameters& parameters, const codec::SealingKeys& keys,
                   std::optional<codec::FreshKeys> fresh)
        : regions_(make_region_sealer(parameters, keys, std::move(fresh))),
          changer_(make_changer({parameters.transfer_syntax, parameters.origin.gateway_id, parameters.mark,
                                 parameters.spool_folder, parameters.rules},
                                *regions_)) {}

    Result<void> push(ByteView bytes, ByteSink& out) override {
        Feed feed(*regions_, out);
        auto changed = changer_->push(bytes, feed);
        return feed.status ? changed : feed.status;
    }

    Result<Sealed> finish(ByteSink& out) override {
        Feed feed(*regions_, out);
        auto changed = changer_->finish(feed);
        if (!feed.status) return feed.status.error();
        if (!changed) return changed.error();
        return regions_->finish(out, std::move(changer_->changes()));
    }

    const Identifiers& identifiers() const override { return changer_->identifiers(); }
    const std::string& failure_detail() const override {
        const auto& detail = regions_->failure_detail();
        return detail.empty() ? changer_->failure_detail() : detail;
    }

  private:
    const std::unique_ptr<RegionSealer> regions_;
    const std::unique_ptr<Changer> changer_;
};

}  // namespace

std::unique_ptr<Sealer> make_sealer(const SealParameters& parameters, const codec::SealingKeys& keys,
                                    std::optional<codec::FreshKeys> fresh) {
    std::unique_ptr<Sealer> sealer = std::make_unique<TwoStageSealer>(parameters, keys, std::move(fresh));
    if (!parameters.transfer_syntax.deflated) return sealer;
    return std::make_unique<DeflatedSealer>(std::move(sealer));
}

}  // namespace portcullis::image
