#include "gateway/media/pass.hpp"

namespace portcullis::media {

namespace {

std::string_view advice(const ErrorCode& error) {
    if (error == image::errc::not_openable)
        return "; use the keyring that sealed it, trust its signer, or allow its codec";
    if (error == image::errc::tampered || error == image::errc::context_differs)
        return "; keep it as evidence and restore it from a backup";
    if (error == image::errc::malformed || error == image::errc::wrong_encapsulation)
        return "; it was cut off or is damaged";
    return "";
}

}  // namespace

void refuse(const ErrorCode& error, const std::string& detail) {
    auto line = error.message();
    if (!detail.empty()) line += " (" + detail + ")";
    throw Refused(line += advice(error));
}

void copy(Source& source, ByteSink& out) {
    source.rewind();
    for (auto block = source.next(); !block.empty(); block = source.next()) out.write(block);
}

}  // namespace portcullis::media
