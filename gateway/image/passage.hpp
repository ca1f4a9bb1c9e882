#pragma once
// The way of the bytes that go through: joins what stands side by side in the input, so that an element that
// passes costs no copy and no write of its own.

#include <functional>

#include "gateway/base/bytes.hpp"

namespace portcullis::image {

class Passage {
  public:
    /// From now on, until end(): `input` is read and `out` is written to.
    void begin(ByteView input, ByteSink& out) {
        input_ = input;
        given_ = &out;
        pending_ = {};
    }
    /// Inside of begin() and end(). The bytes are valid until end() if they are part of the input; if not,
    /// they are written at once.
    void pass(ByteView bytes) {
        if (bytes.empty() || muted_) return;
        const bool from_input = in_input(bytes);
        if (from_input && !pending_.empty() && bytes.data() == pending_.data() + pending_.size()) {
            pending_ = {pending_.data(), pending_.size() + bytes.size()};
            return;
        }
        flush();
        if (from_input) {
            pending_ = bytes;
        } else {
            out()->write(bytes);
        }
    }
    void end() {
        flush();
        input_ = {};
        given_ = nullptr;
    }
    /// From now on everything goes to `sink` instead, which outlives this; nothing: as begin() said.
    void redirect(ByteSink* sink) {
        flush();
        redirected_ = sink;
    }
    /// Nothing passes any more.
    void mute() {
        flush();
        muted_ = true;
    }

  private:
    ByteSink* out() const { return redirected_ ? redirected_ : given_; }
    void flush() {
        if (!pending_.empty()) out()->write(pending_);
        pending_ = {};
    }
    bool in_input(ByteView bytes) const {
        const std::less_equal<const std::uint8_t*> not_after;
        return not_after(input_.data(), bytes.data()) &&
               not_after(bytes.data() + bytes.size(), input_.data() + input_.size());
    }

    ByteView input_;
    ByteView pending_;  // part of input_
    ByteSink* given_ = nullptr;
    ByteSink* redirected_ = nullptr;
    bool muted_ = false;
};

}  // namespace portcullis::image
