#include "gateway/assurance/json.hpp"

#include "gateway/assurance/describe.hpp"

namespace portcullis::assurance {

using Json = nlohmann::ordered_json;

Json describe(const codec::Codec& codec) {
    return {{"id", codec.id},
            {"version", codec.version},
            {"key_bytes", codec.key_length},
            {"from", origin(codec)},
            {"implementation", implementation(codec)}};
}

Json describe(const Bench& bench) {
    Json json = {{"speeds", Json::array()}, {"images", Json::array()}};
    for (const auto& speed : bench.speeds)
        json["speeds"].push_back({{"what", speed.what},
                                  {"unit", speed.unit},
                                  {"gigabytes_per_second", speed.gigabytes},
                                  {"ratio_to_aes_256_gcm", speed.ratio}});
    for (const auto& image : bench.images)
        json["images"].push_back({{"codec", image.codec}, {"milliseconds", image.milliseconds}});
    return json;
}

}  // namespace portcullis::assurance
