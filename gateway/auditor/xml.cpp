#include "gateway/auditor/xml.hpp"

namespace portcullis::auditor {

std::string xml_head() {
    return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<AuditMessages>\n";
}

std::optional<std::string> xml_line(const audit::Logged& logged, const audit::Reporter& reporter) {
    auto message = audit::atna_message(logged, reporter);
    if (message) message->push_back('\n');
    return message;
}

std::string xml_end() {
    return "</AuditMessages>\n";
}

}  // namespace portcullis::auditor
