#pragma once
#include <unistd.h>

#include <utility>

namespace portcullis::media {

/// An open file.
class Descriptor {
  public:
    explicit Descriptor(int number) : number_(number) {}
    Descriptor(Descriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
    Descriptor& operator=(Descriptor&&) = delete;
    ~Descriptor() {
        if (number_ >= 0) ::close(number_);
    }
    explicit operator bool() const { return number_ >= 0; }
    int get() const { return number_; }

  private:
    int number_;
};

}  // namespace portcullis::media
