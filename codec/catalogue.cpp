#include <algorithm>

#include "codec/codec.hpp"
#include "codec/rabbit_siv.hpp"

namespace portcullis::codec {

namespace {

class None final : public UnitCipher {
  public:
    void encrypt(std::span<std::uint8_t>, std::uint64_t) override {}
    void decrypt(std::span<std::uint8_t>, std::uint64_t) override {}
};

std::unique_ptr<UnitCipher> make_none(std::span<const std::uint8_t>) {
    return std::make_unique<None>();
}

}  // namespace

const std::vector<Codec>& built_in_codecs() {
    static const std::vector<Codec> codecs = {{"rabbit-siv", 1, rabbit_siv_key_length, make_rabbit_siv},
                                              {"none", 1, 0, make_none}};
    return codecs;
}

const Codec* find_codec(std::string_view id) {
    const auto& codecs = built_in_codecs();
    const auto found =
        std::find_if(codecs.begin(), codecs.end(), [&](const Codec& codec) { return codec.id == id; });
    return found == codecs.end() ? nullptr : &*found;
}

const Codec* find_codec(std::string_view id, std::uint16_t version) {
    const Codec* codec = find_codec(id);
    return codec && codec->version == version ? codec : nullptr;
}

}  // namespace portcullis::codec
