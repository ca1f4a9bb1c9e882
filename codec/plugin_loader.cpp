#include "codec/plugin_loader.hpp"

#include <memory>

#include "codec/plugin_library.hpp"
#include "codec/plugin_trial.hpp"

namespace portcullis::codec {

namespace {

/// A plugin that was tested. Its ciphers and codecs share it.
struct Loaded {
    PluginLibrary library;
    portcullis_plugin plugin;
    std::string id;

    explicit Loaded(const std::string& bytes) : library(bytes), plugin(library.describe()), id(plugin.id) {}
};

class PluginCipher final : public UnitCipher {
  public:
    PluginCipher(std::shared_ptr<const Loaded> loaded, std::span<const std::uint8_t> key)
        : loaded_(std::move(loaded)), cipher_(loaded_->plugin.create(key.data(), key.size())) {
        if (!cipher_) throw std::runtime_error("codec " + loaded_->id + " makes no cipher");
    }
    PluginCipher(const PluginCipher&) = delete;
    PluginCipher& operator=(const PluginCipher&) = delete;
    ~PluginCipher() override { loaded_->plugin.destroy(cipher_); }

    void encrypt(std::span<std::uint8_t> unit, std::uint64_t number) override {
        call(loaded_->plugin.encrypt_unit, unit, number);
    }
    void decrypt(std::span<std::uint8_t> unit, std::uint64_t number) override {
        call(loaded_->plugin.decrypt_unit, unit, number);
    }

  private:
    void call(decltype(portcullis_plugin::encrypt_unit) function, std::span<std::uint8_t> unit,
              std::uint64_t number) {
        if (function(cipher_, unit.data(), unit.size(), number) == unit.size()) return;
        wipe(unit);
        throw std::runtime_error("codec " + loaded_->id + " failed at unit " + std::to_string(number));
    }

    std::shared_ptr<const Loaded> loaded_;
    void* cipher_;
};

/// Twice, at different addresses: what depends on the process does not come to the same.
Trial try_out_twice(const std::string& bytes, unsigned most_seconds) {
    const Trial trial = try_out(bytes, most_seconds, Place::usual);
    if (try_out(bytes, most_seconds, Place::other) != trial)
        throw PluginError("failed its self-test: it came to another result in another process");
    return trial;
}

bool is_described(const Loaded& loaded, const Trial& trial) {
    return loaded.id == trial.id && loaded.plugin.version == trial.version &&
           loaded.plugin.key_length == trial.key_length;
}

}  // namespace

Codec load_plugin(const PluginFile& file, unsigned most_seconds) {
    const std::string bytes = read_plugin_file(file);
    const Trial trial = try_out_twice(bytes, most_seconds);
    const auto loaded = std::make_shared<const Loaded>(bytes);
    if (!is_described(*loaded, trial))
        throw PluginError("describes itself as another one than in its self-test");
    const auto create = [loaded](std::span<const std::uint8_t> key) -> std::unique_ptr<UnitCipher> {
        return std::make_unique<PluginCipher>(loaded, key);
    };
    return {trial.id, trial.version, trial.key_length, create, file.path};
}

}  // namespace portcullis::codec
