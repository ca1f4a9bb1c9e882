#include "codec/codec.hpp"
#include "codec/envelope.hpp"
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

Catalogue make_built_in() {
    Catalogue made;
    (void)made.add({"rabbit-siv", 1, rabbit_siv_key_length,
                    [](std::span<const std::uint8_t> key) { return make_rabbit_siv(key); }});
    (void)made.add({"none", 1, 0, make_none});
    return made;
}

}  // namespace

bool is_usable(const Codec& codec) {
    return is_codec_id(codec.id) && codec.key_length <= limits::codec_key;
}

const Catalogue& Catalogue::built_in() {
    static const Catalogue catalogue = make_built_in();
    return catalogue;
}

bool Catalogue::add(Codec codec) {
    if (!is_usable(codec)) return false;
    const std::string id = codec.id;
    return codecs_.emplace(id, std::move(codec)).second;
}

const Codec* Catalogue::find(std::string_view id) const {
    const auto found = codecs_.find(id);
    return found == codecs_.end() ? nullptr : &found->second;
}

const Codec* Catalogue::find(std::string_view id, std::uint16_t version) const {
    const Codec* codec = find(id);
    return codec && codec->version == version ? codec : nullptr;
}

}  // namespace portcullis::codec
