#include "gateway/ul/error.hpp"

namespace portcullis::ul {

namespace {

class Category final : public boost::system::error_category {
  public:
    const char* name() const noexcept override { return "portcullis.ul"; }
    std::string message(int value) const override {
        switch (static_cast<errc>(value)) {
            case errc::unrecognized_pdu:
                return "not a PDU of the DICOM upper layer";
            case errc::pdu_too_long:
                return "PDU over the length limit";
            case errc::invalid_length:
                return "length that does not fit its surroundings";
            case errc::invalid_value:
                return "field with a value that the standard excludes";
            case errc::missing_item:
                return "mandatory item missing";
            case errc::too_many_items:
                return "too many items of one kind";
            case errc::unexpected_pdu:
                return "PDU not allowed in the present state";
            case errc::unexpected_pdv:
                return "presentation data value out of order";
            case errc::command_too_long:
                return "command set over 64 KiB";
        }
        return "unknown error";
    }
};

const Category category;

/// The reasons of PS3.8 table 9-26 that a service-provider can give.
enum Reason : std::uint8_t {
    not_specified = 0,
    unrecognized_pdu = 1,
    unexpected_pdu = 2,
    unexpected_parameter = 5,
    invalid_parameter_value = 6,
};

}  // namespace

ErrorCode make_error_code(errc value) {
    return {static_cast<int>(value), category};
}

std::uint8_t abort_reason(ErrorCode error) {
    if (error.category() != category) return Reason::not_specified;
    switch (static_cast<errc>(error.value())) {
        case errc::unrecognized_pdu:
            return Reason::unrecognized_pdu;
        case errc::unexpected_pdu:
            return Reason::unexpected_pdu;
        case errc::too_many_items:
        case errc::unexpected_pdv:
            return Reason::unexpected_parameter;
        case errc::pdu_too_long:
        case errc::invalid_length:
        case errc::invalid_value:
        case errc::missing_item:
        case errc::command_too_long:
            return Reason::invalid_parameter_value;
    }
    return Reason::not_specified;
}

}  // namespace portcullis::ul
