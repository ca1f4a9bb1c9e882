#include "gateway/image/open.hpp"

#include "gateway/image/changes.hpp"
#include "gateway/image/deflated.hpp"
#include "gateway/image/error.hpp"
#include "gateway/image/open_regions.hpp"
#include "gateway/image/readings.hpp"
#include "gateway/image/sealed_pixels.hpp"
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

    const TransferSyntax& written_in() const override { return regions_->written_in(); }
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

std::unique_ptr<Opener> open_as_it_is(const OpenParameters& parameters, const codec::OpeningKeys& keys) {
    return std::make_unique<TwoStageOpener>(parameters, keys);
}

/// Coders put colour by pixel, whatever it was.
std::unique_ptr<Opener> open_native(const OpenParameters& parameters, const codec::OpeningKeys& keys,
                                    bool colour) {
    auto opener = open_as_it_is(parameters, keys);
    if (!colour) return opener;
    return open_either(
        std::move(opener),
        open_recoded(make_plane_swapper(parameters.transfer_syntax), open_as_it_is(parameters, keys)),
        parameters.spool_folder);
}

std::unique_ptr<Opener> open_compressed(const OpenParameters& parameters, const codec::OpeningKeys& keys) {
    const auto sealed = sealed_pixels(parameters, keys);
    if (sealed.native.empty()) return open_as_it_is(parameters, keys);
    OpenParameters native = parameters;
    native.transfer_syntax = decompressed_syntax();
    auto opener = open_recoded(make_decompressor(parameters.transfer_syntax, sealed.native),
                               open_native(native, keys, sealed.colour));
    if (!sealed.encapsulated) return opener;
    return open_either(open_as_it_is(parameters, keys), std::move(opener), parameters.spool_folder);
}

}  // namespace

std::unique_ptr<Opener> make_opener(const OpenParameters& parameters, const codec::OpeningKeys& keys) {
    const auto& syntax = parameters.transfer_syntax;
    if (syntax.deflated) return std::make_unique<DeflatedOpener>(open_as_it_is(parameters, keys));
    if (!syntax.encapsulated) return open_native(parameters, keys, may_have_colour(parameters.envelopes));
    return lossless_compression(syntax.uid) ? open_compressed(parameters, keys)
                                            : open_as_it_is(parameters, keys);
}

}  // namespace portcullis::image
