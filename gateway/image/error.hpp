#pragma once
#include "gateway/base/error.hpp"

namespace portcullis::image {

/// What can be wrong with a data set, or with a sealed one.
enum class errc {
    malformed = 1,  // not a data set in this transfer syntax: lengths, VRs, order of tags, ends in the middle
    too_deep,       // sequences nested over the limit
    too_many_elements,  // over the limit
    duplicate_pixel_data,
    wrong_encapsulation,  // native pixels in an encapsulated syntax or the reverse
    unsupported_transfer_syntax,
    sealing_failed,   // the codec, the keys or the disk failed: nothing may go out
    not_sealable,     // over a limit of envelopes, or no place for one: never, however often it is tried
    not_sealed,       // registered as sealed, but came back in the clear or under no known envelope
    tampered,         // a unit, the envelope or a count does not verify
    context_differs,  // the bound context is not the one that was sealed
    not_openable,     // no key, unknown signer, codec not allowed, or it failed
    wrong_instance,   // the data set's SOP Instance UID is not the one of the command
    grows_too_much,   // a deflated data set grows beyond the limit
};

ErrorCode make_error_code(errc);

}  // namespace portcullis::image

template <>
struct boost::system::is_error_code_enum<portcullis::image::errc> : std::true_type {};
