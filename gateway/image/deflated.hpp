#pragma once
// Sealer, Opener and Reader of a deflated data set: around the one of the same data set in Explicit VR, which
// notices nothing. Deflating only delays bytes: what is not released is not in what was written, and until
// finish() has succeeded the stream at the receiver has no end, so that it is no object.

#include <memory>
#include <string>
#include <utility>

#include "gateway/base/nowhere.hpp"
#include "gateway/image/deflate.hpp"
#include "gateway/image/open.hpp"
#include "gateway/image/seal.hpp"

namespace portcullis::image {

/// `Interface` is the one of the three that is implemented.
template <class Interface>
class Inflating : public Interface {
  public:
    explicit Inflating(std::unique_ptr<Interface> inner) : inner_(std::move(inner)) {}

    const Identifiers& identifiers() const final { return inner_->identifiers(); }
    const std::string& failure_detail() const final {
        const auto& ours = inflater_.failure_detail();
        return ours.empty() ? inner_->failure_detail() : ours;
    }

  protected:
    Result<void> inflate_into_inner(ByteView deflated, ByteSink& out) {
        while (!error_) {
            const auto piece = inflater_.next(deflated);
            if (piece && piece->empty()) return {};
            const auto pushed = piece ? inner_->push(*piece, out) : Result<void>(piece.error());
            if (!pushed) error_ = pushed.error();
        }
        return error_;
    }
    Result<void> finish_inflating() {
        if (error_) return error_;
        return inflater_.finish();
    }

    std::unique_ptr<Interface> inner_;

  private:
    Inflater inflater_;
    ErrorCode error_;  // the first one, which stays
};

/// For Sealer and Opener; `Done` is what their finish() returns.
template <class Interface, class Done>
class Deflated : public Inflating<Interface> {
  public:
    Deflated(std::unique_ptr<Interface> inner, Deflater::Effort effort)
        : Inflating<Interface>(std::move(inner)), deflater_(effort) {}

    Result<void> push(ByteView bytes, ByteSink& out) final {
        Into into(deflater_, out);
        return this->inflate_into_inner(bytes, into);
    }
    Result<Done> finish(ByteSink& out) final {
        if (auto ended = this->finish_inflating(); !ended) return ended.error();
        Into into(deflater_, out);
        auto done = this->inner_->finish(into);
        if (done) deflater_.finish(out);
        return done;
    }

  private:
    class Into final : public ByteSink {
      public:
        Into(Deflater& deflater, ByteSink& out) : deflater_(deflater), out_(out) {}
        void write(ByteView bytes) override { deflater_.write(bytes, out_); }

      private:
        Deflater& deflater_;
        ByteSink& out_;
    };

    Deflater deflater_;
};

class DeflatedSealer final : public Deflated<Sealer, Sealed> {
  public:
    explicit DeflatedSealer(std::unique_ptr<Sealer> inner)
        : Deflated(std::move(inner), Deflater::Effort::spare) {}
};

class DeflatedOpener final : public Deflated<Opener, Opened> {
  public:
    explicit DeflatedOpener(std::unique_ptr<Opener> inner)
        : Deflated(std::move(inner), Deflater::Effort::usual) {}
    bool released() const override { return inner_->released(); }
    bool verified() const override { return inner_->verified(); }
    const TransferSyntax& written_in() const override { return inner_->written_in(); }
};

/// Lets the stream itself pass, as it came.
class DeflatedReader final : public Inflating<Reader> {
  public:
    using Inflating::Inflating;

    Result<void> push(ByteView bytes, ByteSink& out) override {
        Nowhere nowhere;
        if (auto read = inflate_into_inner(bytes, nowhere); !read) return read;
        out.write(bytes);
        return {};
    }
    Result<void> finish() override {
        if (auto ended = finish_inflating(); !ended) return ended;
        return inner_->finish();
    }
    const Bytes* envelope() const override { return inner_->envelope(); }
    std::optional<bool> marked() const override { return inner_->marked(); }
    std::string marked_envelope() const override { return inner_->marked_envelope(); }
};

}  // namespace portcullis::image
