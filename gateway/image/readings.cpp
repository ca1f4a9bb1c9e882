#include "gateway/image/readings.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "gateway/image/error.hpp"
#include "gateway/image/spool.hpp"

namespace portcullis::image {

namespace {

class RecodedOpener final : public Opener, private ByteSink {
  public:
    RecodedOpener(std::unique_ptr<Recoder> recoder, std::unique_ptr<Opener> inner)
        : recoder_(std::move(recoder)), inner_(std::move(inner)) {}

    Result<void> push(ByteView bytes, ByteSink& out) override {
        out_ = &out;
        return status_ ? settled(recoder_->push(bytes, *this)) : status_;
    }

    Result<Opened> finish(ByteSink& out) override {
        out_ = &out;
        if (auto done = settled(recoder_->finish(*this)); !done) return done.error();
        return inner_->finish(out);
    }

    bool released() const override { return inner_->released(); }
    bool verified() const override { return inner_->verified(); }
    const TransferSyntax& written_in() const override { return inner_->written_in(); }
    const Identifiers& identifiers() const override { return recoder_->identifiers(); }
    const std::string& failure_detail() const override {
        const auto& ours = recoder_->failure_detail();
        return ours.empty() || !status_ ? inner_->failure_detail() : ours;
    }

  private:
    /// What the recoder lets through.
    void write(ByteView bytes) override {
        if (status_) status_ = inner_->push(bytes, *out_);
    }
    Result<void> settled(const Result<void>& recoded) const { return status_ ? recoded : status_; }

    const std::unique_ptr<Recoder> recoder_;
    const std::unique_ptr<Opener> inner_;
    ByteSink* out_ = nullptr;
    Result<void> status_;  // of the inner one; the first failure stays
};

class EitherOpener final : public Opener {
  public:
    EitherOpener(std::unique_ptr<Opener> first, std::unique_ptr<Opener> second,
                 const std::filesystem::path& folder)
        : readings_{Reading{std::move(first), Spool(folder, held_in_memory), {}},
                    Reading{std::move(second), Spool(folder, held_in_memory), {}}} {}

    Result<void> push(ByteView bytes, ByteSink& out) override {
        if (chosen_) return push_chosen(bytes, out);
        for (Reading& reading : readings_) reading.push(bytes);
        if (auto failed = choose(); !failed) return failed;
        return chosen_ ? let_out(out) : Result<void>{};
    }

    Result<Opened> finish(ByteSink& out) override {
        if (!chosen_) return finish_both(out);
        if (chosen_->status) return chosen_->opener->finish(out);
        return chosen_->status.error();
    }

    bool released() const override { return chosen_ && chosen_->opener->released(); }
    bool verified() const override {
        const auto has = [](const Reading& reading) { return reading.opener->verified(); };
        return chosen_ ? has(*chosen_) : std::any_of(readings_.begin(), readings_.end(), has);
    }
    const TransferSyntax& written_in() const override { return telling().opener->written_in(); }
    const Identifiers& identifiers() const override { return telling().opener->identifiers(); }
    const std::string& failure_detail() const override {
        return detail_.empty() ? telling().opener->failure_detail() : detail_;
    }

  private:
    static constexpr std::size_t held_in_memory = 512 * 1024;

    struct Reading {
        std::unique_ptr<Opener> opener;
        Spool held;
        Result<void> status;  // the first failure stays

        void push(ByteView bytes) {
            if (status) status = opener->push(bytes, held);
        }
        bool verifies() const { return status && opener->released(); }
    };

    Result<void> push_chosen(ByteView bytes, ByteSink& out) {
        if (chosen_->status) chosen_->status = chosen_->opener->push(bytes, out);
        return chosen_->status;
    }

    /// One is out if it fails, or if the other verifies and it does not. If both fail, the first tells why.
    Result<void> choose() {
        auto& [first, second] = readings_;
        if (!first.status && !second.status) return first.status;
        if (!first.status || (second.verifies() && !first.verifies()))
            chosen_ = &second;
        else if (!second.status || (first.verifies() && !second.verifies()))
            chosen_ = &first;
        return {};
    }

    Result<void> let_out(ByteSink& out) {
        if (const auto full = chosen_->held.status()) return hold_failed(full);
        auto drained = chosen_->held.drain([&](ByteView bytes) { out.write(bytes); });
        if (!drained) return hold_failed(drained.error());
        return chosen_->status;
    }

    Result<void> hold_failed(ErrorCode why) {
        detail_ = "what is not verified cannot be held: " + why.message();
        chosen_->status = why;
        return chosen_->status;
    }

    Result<Opened> finish_both(ByteSink& out) {
        ErrorCode first_error;
        for (Reading& reading : readings_) {
            if (!reading.status) {
                if (!first_error) first_error = reading.status.error();
                continue;
            }
            auto opened = reading.opener->finish(reading.held);
            if (opened) {
                chosen_ = &reading;
                if (auto let = let_out(out); !let) return let.error();
                return opened;
            }
            if (!first_error) first_error = opened.error();
        }
        return first_error;
    }

    const Reading& telling() const { return chosen_ ? *chosen_ : readings_[0]; }

    std::array<Reading, 2> readings_;
    Reading* chosen_ = nullptr;
    std::string detail_;
};

}  // namespace

std::unique_ptr<Opener> open_recoded(std::unique_ptr<Recoder> recoder, std::unique_ptr<Opener> inner) {
    return std::make_unique<RecodedOpener>(std::move(recoder), std::move(inner));
}

std::unique_ptr<Opener> open_either(std::unique_ptr<Opener> first, std::unique_ptr<Opener> second,
                                    const std::filesystem::path& spool_folder) {
    return std::make_unique<EitherOpener>(std::move(first), std::move(second), spool_folder);
}

}  // namespace portcullis::image
