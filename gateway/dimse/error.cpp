#include "gateway/dimse/error.hpp"

namespace portcullis::dimse {

namespace {

class Category final : public boost::system::error_category {
  public:
    const char* name() const noexcept override { return "portcullis.dimse"; }
    std::string message(int value) const override {
        switch (static_cast<errc>(value)) {
            case errc::truncated:
                return "element past the end of the command set";
            case errc::wrong_group:
                return "element of another group in the command set";
            case errc::duplicate_element:
                return "element twice in the command set";
            case errc::invalid_value:
                return "number of the wrong size in the command set";
            case errc::missing_element:
                return "mandatory element missing from the command set";
        }
        return "unknown error";
    }
};

const Category category;

}  // namespace

ErrorCode make_error_code(errc value) {
    return {static_cast<int>(value), category};
}

}  // namespace portcullis::dimse
