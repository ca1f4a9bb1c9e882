#include "gateway/image/error.hpp"

namespace portcullis::image {

namespace {

class Category final : public boost::system::error_category {
  public:
    const char* name() const noexcept override { return "image"; }

    std::string message(int value) const override {
        switch (static_cast<errc>(value)) {
            case errc::malformed:
                return "malformed data set";
            case errc::too_deep:
                return "sequences nested too deep";
            case errc::too_many_elements:
                return "too many elements";
            case errc::duplicate_pixel_data:
                return "pixel data occurs twice";
            case errc::wrong_encapsulation:
                return "pixel data is not encoded as the transfer syntax says";
            case errc::unsupported_transfer_syntax:
                return "transfer syntax not supported";
            case errc::sealing_failed:
                return "sealing failed";
            case errc::not_sealable:
                return "cannot be sealed";
            case errc::not_sealed:
                return "not sealed, or under no known envelope";
            case errc::tampered:
                return "tampered with: does not verify";
            case errc::context_differs:
                return "image attributes differ from the sealed ones";
            case errc::not_openable:
                return "cannot be opened: no key, unknown signer, or codec not allowed or failed";
            case errc::wrong_instance:
                return "SOP Instance UID is not the one of the command";
            case errc::grows_too_much:
                return "deflated data set grows beyond the limit";
        }
        return "unknown error";
    }
};

}  // namespace

ErrorCode make_error_code(errc value) {
    static const Category category;
    return {static_cast<int>(value), category};
}

}  // namespace portcullis::image
