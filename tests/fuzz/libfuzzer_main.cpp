#include "tests/fuzz/fuzz.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    portcullis::fuzz::fuzz_one({data, size});
    return 0;
}
