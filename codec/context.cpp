#include "codec/object.hpp"

namespace portcullis::codec {

bool agree(const BoundContext& sealed, BoundContext returned) {
    // One frame may be said or left unsaid (PS3.3 C.7.6.6).
    if (!sealed.number_of_frames && returned.number_of_frames == 1) returned.number_of_frames.reset();
    if (!returned.number_of_frames && sealed.number_of_frames == 1) returned.number_of_frames = 1;
    return sealed == returned;
}

}  // namespace portcullis::codec
