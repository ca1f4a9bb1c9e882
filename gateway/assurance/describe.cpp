#include "gateway/assurance/describe.hpp"

namespace portcullis::assurance {

std::string origin(const codec::Codec&) {
    return "built in";
}

std::string implementation(const codec::Codec& codec) {
    return codec.id == "rabbit-siv" ? "portable" : "";
}

bool is_cipher(const codec::Codec& codec) {
    return codec.key_length > 0;
}

}  // namespace portcullis::assurance
