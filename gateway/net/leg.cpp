#include "gateway/net/leg.hpp"

#include <algorithm>

#include "gateway/net/error.hpp"
#include "gateway/ul/error.hpp"

namespace portcullis::net {

namespace {
constexpr std::size_t worth_a_write = 128 * 1024;  // bytes; below, gathering costs less than the system call
}

Outgoing::Outgoing(Leg& leg, Turnstile::Turn turn, ContextId context)
    : leg_(leg),
      turn_(std::move(turn)),
      data_(context, false, leg.association_->peer_maximum_length(), leg.cap_, leg.out_) {}

Awaitable<Result<void>> Outgoing::drain() {
    if (leg_.out_.size() < worth_a_write) co_return Result<void>();
    co_return co_await leg_.flush();
}

Awaitable<Result<void>> Outgoing::flush() {
    co_return co_await leg_.flush();
}

Awaitable<Result<void>> Outgoing::finish() {
    data_.finish();
    co_return co_await leg_.flush();
}

Result<std::shared_ptr<Leg>> Leg::make(std::shared_ptr<Association> association, std::uint32_t cap) {
    const auto agreed = ul::agreed_contexts(association->proposal(), association->answer());
    if (!agreed) return agreed.error();
    if (!ul::is_usable_maximum_length(association->peer_maximum_length()))
        return ErrorCode(ul::errc::invalid_value);
    return std::make_shared<Leg>(std::move(association), Contexts(agreed->begin(), agreed->end()), cap);
}

Leg::Leg(std::shared_ptr<Association> association, Contexts contexts, std::uint32_t cap)
    : association_(std::move(association)),
      contexts_(std::move(contexts)),
      cap_(cap),
      turnstile_(association_->executor()) {}

const ul::AgreedContext* Leg::context(ContextId id) const {
    const auto found = contexts_.find(id);
    return found == contexts_.end() ? nullptr : &found->second;
}

std::optional<ContextId> Leg::context_for(const ul::AgreedContext& agreed, ContextId preferred) const {
    const auto* first = context(preferred);
    if (first && *first == agreed) return preferred;
    const auto found = std::find_if(contexts_.begin(), contexts_.end(),
                                    [&](const auto& known) { return known.second == agreed; });
    return found == contexts_.end() ? std::nullopt : std::optional(found->first);
}

Awaitable<Result<void>> Leg::send(ContextId context, dimse::Command command, Bytes data_set) {
    const auto turn = co_await turnstile_.enter();
    write_command(context, command);
    if (command.has_data_set()) {
        ul::Fragmenter data(context, false, association_->peer_maximum_length(), cap_, out_);
        data.write(data_set);
        data.finish();
    }
    co_return co_await flush();
}

Awaitable<Outgoing> Leg::begin(ContextId context, dimse::Command command) {
    auto turn = co_await turnstile_.enter();
    write_command(context, command);
    co_return Outgoing(*this, std::move(turn), context);
}

Awaitable<void> Leg::request_release() {
    const auto turn = co_await turnstile_.enter();
    co_await association_->request_release();
}

Awaitable<Result<dimse::Command>> Leg::await_response(MessageId id) {
    for (;;) {
        const auto incoming = co_await association_->receive();
        if (!incoming) co_return incoming.error();
        const auto* data = std::get_if<ul::PData>(&*incoming);
        if (!data) co_return ErrorCode(errc::closed);
        std::optional<dimse::Command> response;
        for (const auto& value : data->values) {
            const auto step = assembler_.next(value);
            if (!step) co_return step.error();
            const auto* complete = std::get_if<ul::Assembler::CommandComplete>(&*step);
            if (!complete) continue;
            auto command = dimse::Command::decode(complete->command_set);
            if (!command) co_return command.error();
            assembler_.expect_data_set(command->has_data_set());
            if (command->is_response() && command->responded_to() == id) response = std::move(*command);
        }
        if (response) co_return std::move(*response);
    }
}

void Leg::write_command(ContextId context, const dimse::Command& command) {
    out_.clear();
    ul::Fragmenter fragments(context, true, association_->peer_maximum_length(), cap_, out_);
    fragments.write(command.encode());
    fragments.finish();
}

Awaitable<Result<void>> Leg::flush() {
    if (out_.empty()) co_return Result<void>();
    const auto sent = co_await association_->send(out_);
    out_.clear();
    co_return sent;
}

}  // namespace portcullis::net
