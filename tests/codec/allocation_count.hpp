#pragma once
#include <cstddef>

namespace portcullis::test {

/// By operator new since the start of the program, whatever was given back.
std::size_t bytes_allocated();

}  // namespace portcullis::test
