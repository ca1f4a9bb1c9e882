#include "gateway/assurance/describe.hpp"

#include "codec/rabbit/implementation.hpp"

namespace portcullis::assurance {

std::string origin(const codec::Codec& codec) {
    return codec.plugin.empty() ? "built in" : codec.plugin;
}

std::string implementation(const codec::Codec& codec) {
    return codec.id == "rabbit-siv" ? std::string(codec::rabbit::implementation().name) : "";
}

bool is_cipher(const codec::Codec& codec) {
    return codec.key_length > 0;
}

}  // namespace portcullis::assurance
