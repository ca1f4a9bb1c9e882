// atna_messages FOLDER GATEWAY_ID AE_TITLE: the PS3.15 A.5 messages of the audit log in FOLDER, one a line.

#include <iostream>

#include "gateway/audit/atna.hpp"

using namespace portcullis;

int main(int argc, char** argv) {
    const auto title = argc == 4 ? AeTitle::parse(argv[3]) : std::nullopt;
    if (!title) {
        std::cerr << "usage: atna_messages FOLDER GATEWAY_ID AE_TITLE\n";
        return 2;
    }
    try {
        audit::Reader log(argv[1]);
        while (const auto line = log.next()) {
            const auto record = audit::parse(*line);
            if (!record) throw std::runtime_error("not a record: " + std::string(*line));
            if (const auto message = audit::atna_message(*record, {argv[2], *title}))
                std::cout << *message << '\n';
        }
    } catch (const std::exception& error) {
        std::cerr << "atna_messages: " << error.what() << '\n';
        return 1;
    }
}
