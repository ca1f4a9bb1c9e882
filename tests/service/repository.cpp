#include "tests/service/repository.hpp"

#include <catch2/catch.hpp>

namespace portcullis::service::test {

net::Awaitable<bool> Delivery::more() {
    Bytes bytes(64 * 1024);
    stream_->set_read_deadline(patience);
    const auto count = co_await stream_->read_some(bytes);
    if (count) heard_.append(reinterpret_cast<const char*>(bytes.data()), *count);
    co_return count.has_value();
}

std::string Delivery::hear() {
    for (;;) {
        const auto space = heard_.find(' ');
        const auto length = space == std::string::npos ? 0 : std::stoull(heard_.substr(0, space));
        if (space != std::string::npos && heard_.size() > space + length) {
            auto message = heard_.substr(space + 1, length);
            heard_.erase(0, space + 1 + length);
            return message;
        }
        REQUIRE(wire_.run(more(), "a message"));
    }
}

std::vector<std::string> Delivery::hear(std::size_t count) {
    std::vector<std::string> messages;
    while (messages.size() < count) messages.push_back(hear());
    return messages;
}

std::vector<std::string> Delivery::hear_out() {
    std::vector<std::string> messages;
    while (!heard_.empty() || wire_.run(more(), "more, or the end")) messages.push_back(hear());
    close();
    return messages;
}

bool Delivery::hears_the_end() {
    return heard_.empty() && !wire_.run(more(), "the end of the connection") && heard_.empty();
}

Delivery ScriptedRepository::accept(std::shared_ptr<const tls::Context> tls) {
    auto stream = wire_.run(take(), "a connection to the repository");
    REQUIRE_FALSE(wire_.run(handshake(*stream, std::move(tls)), "a handshake"));
    return {wire_, std::move(stream)};
}

ErrorCode ScriptedRepository::refuses(std::shared_ptr<const tls::Context> tls) {
    auto stream = wire_.run(take(), "a connection to the repository");
    return wire_.run(handshake(*stream, std::move(tls)), "a handshake that fails");
}

}  // namespace portcullis::service::test
