#include "tests/service/peer.hpp"

#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>
#include <condition_variable>
#include <deque>
#include <mutex>

#include "gateway/net/error.hpp"
#include "gateway/ul/encode.hpp"

namespace portcullis::service::test {

namespace {

constexpr std::size_t fragment = 32 * 1024;  // bytes of what we send

struct HeardCommand {
    unsigned context;
    dimse::Command command;
};
struct HeardData {
    Bytes bytes;
    bool last;
};
using Heard = std::variant<HeardCommand, HeardData, End>;

/// For a message that says what came instead of what was expected.
std::string name(const Heard& heard) {
    if (const auto* command = std::get_if<HeardCommand>(&heard))
        return "command " + std::to_string(static_cast<unsigned>(command->command.field()));
    if (std::holds_alternative<HeardData>(heard)) return "data";
    return "end " + std::to_string(static_cast<int>(std::get<End>(heard)));
}

[[noreturn]] void unexpected(const Heard& heard, const std::string& expected) {
    throw std::runtime_error("heard " + name(heard) + " instead of " + expected);
}

}  // namespace

struct Peer::Ears {
    explicit Ears(std::shared_ptr<net::Association> of) : association(std::move(of)) {}

    void put(Heard what) {
        const std::lock_guard lock(mutex);
        heard.push_back(std::move(what));
        more.notify_all();
    }
    Heard next(const std::string& expected) {
        std::unique_lock lock(mutex);
        if (!more.wait_for(lock, patience, [this] { return !heard.empty(); }))
            throw std::runtime_error("heard nothing instead of " + expected);
        auto first = std::move(heard.front());
        heard.pop_front();
        return first;
    }
    bool hears_last_within(std::chrono::milliseconds time) {
        const auto is_last = [](const Heard& one) {
            const auto* data = std::get_if<HeardData>(&one);
            return data && data->last;
        };
        std::unique_lock lock(mutex);
        return more.wait_for(lock, time, [&] { return std::any_of(heard.begin(), heard.end(), is_last); });
    }
    void take(const ul::Pdv& value) {
        if (!value.command) return put(HeardData{{value.data.begin(), value.data.end()}, value.last});
        append(command, value.data);
        if (!value.last) return;
        put(HeardCommand{value.context.value(), dimse::Command::decode(command).value()});
        command.clear();
    }

    std::shared_ptr<net::Association> association;
    Bytes command;
    std::mutex mutex;
    std::condition_variable more;
    std::deque<Heard> heard;
};

struct Peer::Mouth {
    explicit Mouth(std::shared_ptr<net::Association> of) : association(std::move(of)) {}

    std::shared_ptr<net::Association> association;
    std::mutex mutex;
    std::condition_variable less;
    std::deque<Bytes> unsaid;
    bool speaking = false;
    bool interrupted = false;  // the association was over before all was said
};

Peer::Peer(Wire& wire, std::shared_ptr<net::Association> association)
    : wire_(&wire),
      association_(std::move(association)),
      ears_(std::make_shared<Ears>(association_)),
      mouth_(std::make_shared<Mouth>(association_)) {
    boost::asio::co_spawn(wire.io(), listen(ears_), boost::asio::detached);
}

Peer::~Peer() {
    if (association_) vanish();
}

net::Awaitable<void> Peer::speak(std::shared_ptr<Mouth> mouth) {
    std::unique_lock lock(mouth->mutex);
    while (!mouth->unsaid.empty()) {
        const Bytes pdus = std::move(mouth->unsaid.front());
        lock.unlock();
        const auto sent = co_await mouth->association->send(pdus);
        lock.lock();
        mouth->interrupted = mouth->interrupted || !sent;
        mouth->unsaid.pop_front();
        mouth->less.notify_all();
    }
    mouth->speaking = false;
}

net::Awaitable<void> Peer::listen(std::shared_ptr<Ears> ears) {
    for (;;) {
        const auto incoming = co_await ears->association->receive();
        if (!incoming) {
            ears->put(incoming.error() == net::errc::aborted ? End::aborted : End::closed);
            co_return;
        }
        if (const auto* data = std::get_if<ul::PData>(&*incoming)) {
            for (const auto& value : data->values) ears->take(value);
            continue;
        }
        const bool asked = std::holds_alternative<net::Association::ReleaseRequested>(*incoming);
        ears->put(asked ? End::release_requested : End::released);
        co_return;
    }
}

const ul::AssociateRq& Peer::proposal() const {
    return association_->proposal();
}
const ul::AssociateAc& Peer::answer() const {
    return association_->answer();
}

void Peer::send(bool command, ByteView bytes, bool last) {
    Bytes pdus;
    do {
        const auto part = bytes.first(std::min(bytes.size(), fragment));
        bytes = bytes.subspan(part.size());
        const ul::Pdv value{*ContextId::parse(context_), command, last && bytes.empty(), part};
        ul::encode(ul::PData{{value}}, pdus);
    } while (!bytes.empty());
    const std::lock_guard lock(mouth_->mutex);
    mouth_->unsaid.push_back(std::move(pdus));
    if (!std::exchange(mouth_->speaking, true))
        boost::asio::co_spawn(wire_->io(), speak(mouth_), boost::asio::detached);
}

void Peer::await_taken() {
    std::unique_lock lock(mouth_->mutex);
    if (!mouth_->less.wait_for(lock, patience, [this] { return mouth_->unsaid.empty(); }))
        throw std::runtime_error("what was said was not taken");
    if (mouth_->interrupted) throw std::runtime_error("the association was over before all was said");
}

void Peer::say(unsigned context, dimse::Command command, ByteView data_set) {
    if (data_set.empty()) {
        context_ = context;
        command.set(dimse::Element::command_data_set_type, dimse::no_data_set);
        return send(true, command.encode(), true);
    }
    begin(context, std::move(command));
    end(data_set);
}

void Peer::begin(unsigned context, dimse::Command command) {
    context_ = context;
    command.set(dimse::Element::command_data_set_type, std::uint16_t{0});
    send(true, command.encode(), true);
}

void Peer::more(ByteView part) {
    send(false, part, false);
}
void Peer::end(ByteView part) {
    send(false, part, true);
}

Message Peer::hear() {
    auto heard = ears_->next("a message");
    auto* command = std::get_if<HeardCommand>(&heard);
    if (!command) unexpected(heard, "a message");
    Message message{command->context, std::move(command->command), {}};
    if (!message.command.has_data_set()) return message;
    auto rest = hear_rest();
    if (!rest.complete) throw std::runtime_error("the data set of a message was not completed");
    message.data_set = std::move(rest.data_set);
    return message;
}

dimse::Command Peer::hear_command() {
    auto heard = ears_->next("a command");
    auto* command = std::get_if<HeardCommand>(&heard);
    if (!command) unexpected(heard, "a command");
    return std::move(command->command);
}

Rest Peer::hear_rest() {
    Rest rest{{}, false};
    for (;;) {
        auto heard = ears_->next("the rest of a data set");
        if (std::holds_alternative<End>(heard)) {
            ears_->put(std::move(heard));
            return rest;
        }
        const auto* data = std::get_if<HeardData>(&heard);
        if (!data) unexpected(heard, "the rest of a data set");
        append(rest.data_set, data->bytes);
        rest.complete = data->last;
        if (data->last) return rest;
    }
}

End Peer::hear_end() {
    for (;;) {
        auto heard = ears_->next("the end");
        if (const auto* end = std::get_if<End>(&heard)) return *end;
        const auto* data = std::get_if<HeardData>(&heard);
        if (!data || data->last) unexpected(heard, "the end");
    }
}

bool Peer::hears_more_within(std::chrono::milliseconds time) {
    std::unique_lock lock(ears_->mutex);
    return ears_->more.wait_for(lock, time, [this] { return !ears_->heard.empty(); });
}

bool Peer::hears_last_within(std::chrono::milliseconds time) {
    return ears_->hears_last_within(time);
}

void Peer::ask_release() {
    await_taken();
    wire_->run(association_->request_release(), "that the release is asked for");
}

void Peer::grant_release() {
    const auto heard = ears_->next("a request for release");
    const auto* end = std::get_if<End>(&heard);
    if (!end || *end != End::release_requested) unexpected(heard, "a request for release");
    wire_->run(association_->confirm_release(), "that the release is granted");
}

void Peer::abort() {
    await_taken();
    wire_->run(association_->abort({0, 0}), "that the abort is said");
}

void Peer::vanish() {
    boost::asio::post(wire_->io(), [association = association_] { association->close(); });
}

void release(Peer& asking, Peer& granting) {
    asking.ask_release();
    granting.grant_release();
    if (asking.hear_end() != End::released) throw std::runtime_error("the release was not granted");
}

}  // namespace portcullis::service::test
