#include "gateway/net/error.hpp"

namespace portcullis::net {

namespace {

class Category final : public boost::system::error_category {
  public:
    const char* name() const noexcept override { return "portcullis.net"; }
    std::string message(int value) const override {
        switch (static_cast<errc>(value)) {
            case errc::closed:
                return "the peer closed the connection";
            case errc::timed_out:
                return "the peer did not answer in time";
            case errc::unreachable:
                return "no connection to the peer";
            case errc::rejected:
                return "the peer rejected the association";
            case errc::aborted:
                return "the peer aborted the association";
            case errc::refused_pdu:
                return "the peer broke the upper layer protocol";
            case errc::not_established:
                return "the association is not established";
        }
        return "unknown";
    }
};

}  // namespace

ErrorCode make_error_code(errc code) {
    static const Category category;
    return {static_cast<int>(code), category};
}

}  // namespace portcullis::net
