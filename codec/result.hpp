#pragma once
// The codec library stands alone: the standard library and OpenSSL. Its errors are these, and its results
// this.

#include <optional>
#include <string_view>
#include <utility>
#include <variant>

namespace portcullis::codec {

/// Named failure classes. An opener reports the first that applies, in the order of checks of FORMAT.md.
enum class Failure {
    malformed = 1,  // the envelope is not one: bad magic, truncated, a length that does not fit
    unknown_version,
    over_limit,  // a count or length over the limits of FORMAT.md
    unsupported_mode,
    codec_not_allowed,  // unknown here, or not allowed by the configuration
    no_key,             // no stanza that our keys unwrap
    no_study_secret,    // mode key+registry, and the secret of the study is not to be had
    bad_commitment,     // the unwrapped key is not the one of this envelope
    bad_mac,
    unknown_signer,
    bad_signature,
    bad_context,         // bound context differs
    bad_tag,             // a unit does not verify
    bad_count,           // fewer or more regions, units or bytes than the envelope names
    key_unavailable,     // a key file or token could not be used
    random_unavailable,  // getrandom failed
};

std::string_view name(Failure);

/// Either a value or a failure.
template <class T>
class [[nodiscard]] Result {
  public:
    Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}
    Result(Failure failure) : state_(std::in_place_index<1>, failure) {}
    explicit operator bool() const { return state_.index() == 0; }
    T& operator*() { return std::get<0>(state_); }
    const T& operator*() const { return std::get<0>(state_); }
    T* operator->() { return &std::get<0>(state_); }
    const T* operator->() const { return &std::get<0>(state_); }
    Failure failure() const { return std::get<1>(state_); }

  private:
    std::variant<T, Failure> state_;
};

template <>
class [[nodiscard]] Result<void> {
  public:
    Result() = default;
    Result(Failure failure) : failure_(failure) {}
    explicit operator bool() const { return !failure_; }
    Failure failure() const { return *failure_; }

  private:
    std::optional<Failure> failure_;
};

}  // namespace portcullis::codec
