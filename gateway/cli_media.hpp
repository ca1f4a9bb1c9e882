#pragma once
// What seal, open and inspect have in common.

#include <memory>
#include <optional>

#include "gateway/cli_json.hpp"
#include "gateway/cli_progress.hpp"
#include "gateway/image/tags.hpp"
#include "gateway/keys/keyring.hpp"
#include "gateway/media/treat.hpp"
#include "gateway/settings.hpp"

namespace portcullis::cli {

class SharedLedger;

/// Keys, codecs and, read beside a gateway that may run, the registry: from a configuration; or from a
/// keyring alone. Throws as what it reads does.
class Equipment {
  public:
    explicit Equipment(const MediaWork&);
    media::Means means() const;

  private:
    std::string tenant_, gateway_id_;
    bool mark_ = true;
    RegionRules regions_;
    Codecs codecs_;
    std::unique_ptr<keys::Keyring> keyring_;
    std::shared_ptr<SharedLedger> ledger_;  // none: there is no registry
};

/// "[#####     ] 12 of 24 files".
std::string bar(std::size_t count, std::size_t of, const std::string& what = "files");

/// One object on one line.
void print_line(const Terminal&, const Json&);

unsigned threads(const MediaWork&);

/// Tags or paths, if there are any.
template <class T>
void add_names(Json& json, const char* key, const std::vector<T>& values) {
    for (const auto& value : values) json[key].push_back(image::tag::name(value));
}

/// What sealing does to which values; by default if there are no means.
void explain(const Terminal&, const media::Means*);

}  // namespace portcullis::cli
