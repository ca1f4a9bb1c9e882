#include "gateway/net/pump.hpp"

#include "gateway/ul/error.hpp"

namespace portcullis::net {

namespace {

/// What the pump remembers from one PDV to the next.
struct Progress {
    ul::Assembler assembler;
    std::unique_ptr<Inflow> inflow;
};

Awaitable<Result<void>> end_of_message(Progress& progress) {
    const auto inflow = std::move(progress.inflow);
    if (!inflow) co_return Result<void>();
    co_return co_await inflow->end();
}

Awaitable<Result<void>> begin_message(const Leg& leg, MessageHandler& handler, Progress& progress,
                                      const ul::Assembler::CommandComplete& complete) {
    if (!leg.context(complete.context)) co_return ErrorCode(ul::errc::unexpected_pdv);
    auto command = dimse::Command::decode(complete.command_set);
    if (!command) co_return command.error();
    const bool follows = command->has_data_set();
    progress.assembler.expect_data_set(follows);
    auto inflow = co_await handler.command(complete.context, std::move(*command));
    if (!inflow) co_return inflow.error();
    progress.inflow = std::move(*inflow);
    if (follows) co_return Result<void>();
    co_return co_await end_of_message(progress);
}

Awaitable<Result<void>> take(const Leg& leg, MessageHandler& handler, Progress& progress,
                             const ul::Pdv& value) {
    const auto step = progress.assembler.next(value);
    if (!step) co_return step.error();
    if (const auto* complete = std::get_if<ul::Assembler::CommandComplete>(&*step)) {
        co_return co_await begin_message(leg, handler, progress, *complete);
    }
    const auto* fragment = std::get_if<ul::Assembler::DataFragment>(&*step);
    if (!fragment) co_return Result<void>();
    if (progress.inflow) {
        const auto taken = co_await progress.inflow->data(fragment->data);
        if (!taken) co_return taken.error();
    }
    if (!fragment->last) co_return Result<void>();
    co_return co_await end_of_message(progress);
}

}  // namespace

Awaitable<Result<void>> pump(Leg& leg, MessageHandler& handler, bool& in_message) {
    Progress progress;
    for (;;) {
        const auto incoming = co_await leg.association().receive();
        if (!incoming) co_return incoming.error();
        const auto* data = std::get_if<ul::PData>(&*incoming);
        // A release in the middle of a message leaves a part of it behind.
        if (!data && !progress.assembler.idle()) co_return ErrorCode(ul::errc::unexpected_pdu);
        if (!data) co_return Result<void>();
        for (const auto& value : data->values) {
            in_message = true;
            const auto taken = co_await take(leg, handler, progress, value);
            if (!taken) co_return taken.error();
        }
        in_message = !progress.assembler.idle();
        const auto progressed = handler.progressed();
        if (!progressed) co_return progressed.error();
    }
}

}  // namespace portcullis::net
