#include "codec/result.hpp"

namespace portcullis::codec {

std::string_view name(Failure failure) {
    switch (failure) {
        case Failure::malformed:
            return "malformed";
        case Failure::unknown_version:
            return "unknown_version";
        case Failure::over_limit:
            return "over_limit";
        case Failure::unsupported_mode:
            return "unsupported_mode";
        case Failure::codec_not_allowed:
            return "codec_not_allowed";
        case Failure::no_key:
            return "no_key";
        case Failure::no_study_secret:
            return "no_study_secret";
        case Failure::bad_commitment:
            return "bad_commitment";
        case Failure::bad_mac:
            return "bad_mac";
        case Failure::unknown_signer:
            return "unknown_signer";
        case Failure::bad_signature:
            return "bad_signature";
        case Failure::bad_context:
            return "bad_context";
        case Failure::bad_tag:
            return "bad_tag";
        case Failure::bad_count:
            return "bad_count";
        case Failure::key_unavailable:
            return "key_unavailable";
        case Failure::random_unavailable:
            return "random_unavailable";
    }
    return "unnamed";
}

}  // namespace portcullis::codec
