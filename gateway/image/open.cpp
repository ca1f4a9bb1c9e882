#include "gateway/image/open.hpp"

#include "gateway/image/changes.hpp"
#include "gateway/image/deflated.hpp"
#include "gateway/image/error.hpp"
#include "gateway/image/open_regions.hpp"
#include "gateway/image/spool.hpp"

namespace portcullis::image {

namespace {

/// Of a header whose envelope is not known yet.
constexpr std::size_t held_in_memory = 512 * 1024;

/// First the regions, then the small changes: these as soon as it is known by which envelope.
class TwoStageOpener final : public Opener, private ByteSink {
  public:
    TwoStageOpener(const OpenParameters& parameters, const codec::OpeningKeys& keys)
        : syntax_(parameters.transfer_syntax),
          regions_(make_region_opener(parameters, keys)),
          held_(parameters.spool_folder, held_in_memory) {}

    Result<void> push(ByteView bytes, ByteSink& out) override {
        out_ = &out;
        decide();
        auto pushed = regions_->push(bytes, *this);
        if (pushed && status_) decide();
        return status_ ? pushed : status_;
    }

    bool released() const override { return decided_ && regions_->released(); }
    bool verified() const override { return regions_->verified(); }

    Result<Opened> finish(ByteSink& out) override {
        out_ = &out;
        auto opened = regions_->finish(*this);
        if (!opened) return opened;
        decide();
        if (status_ && restorer_) status_ = restorer_->finish(out);
        if (!status_) return status_.error();
        if (restorer_) opened->edited = restorer_->edited();
        return opened;
    }

    const Identifiers& identifiers() const override { return regions_->identifiers(); }
    const std::string& failure_detail() const override {
        const auto& detail = regions_->failure_detail();
        if (!detail.empty()) return detail;
        return restorer_ && detail_.empty() ? restorer_->failure_detail() : detail_;
    }

  private:
    /// What the regions let through.
    void write(ByteView bytes) override {
        decide();
        if (!status_) return;
        if (restorer_) {
            status_ = restorer_->push(bytes, *out_);
        } else if (decided_) {
            out_->write(bytes);
        } else {
            held_.write(bytes);
        }
    }

    void decide() {
        if (decided_) return;
        const auto* sealed = regions_->decided();
        if (!sealed) return;
        decided_ = true;
        if (!sealed->changes.empty()) {
            const auto uid = Uid::parse(sealed->transfer_syntax);
            const auto original = uid ? carried_transfer_syntax(*uid) : std::nullopt;
            restorer_ = make_restorer(syntax_, sealed->changes, original.value_or(syntax_));
        }
        while (status_) {
            const auto held = held_.next();
            if (!held) return fail(held.error());
            if (held->empty()) return;
            write(*held);
        }
    }

    void fail(ErrorCode why) {
        detail_ = "the header cannot be held until its envelope is known: " + why.message();
        status_ = why;
    }

    const TransferSyntax syntax_;
    const std::unique_ptr<RegionOpener> regions_;
    std::unique_ptr<Restorer> restorer_;
    bool decided_ = false;
    Spool held_;
    ByteSink* out_ = nullptr;
    Result<void> status_;
    std::string detail_;
};

}  // namespace

std::unique_ptr<Opener> make_opener(const OpenParameters& parameters, const codec::OpeningKeys& keys) {
    std::unique_ptr<Opener> opener = std::make_unique<TwoStageOpener>(parameters, keys);
    if (!parameters.transfer_syntax.deflated) return opener;
    return std::make_unique<DeflatedOpener>(std::move(opener));
}

}  // namespace portcullis::image
