#include "gateway/scu/conversation.hpp"

#include "gateway/dimse/status.hpp"
#include "gateway/net/error.hpp"

namespace portcullis::scu {

namespace {

namespace status = dimse::status;
using NextInflow = Result<std::unique_ptr<net::Inflow>>;

constexpr std::size_t longest_identifier = 1024 * 1024;

}  // namespace

/// The Identifier of a response.
class Conversation::Response final : public net::Inflow {
  public:
    Response(Conversation& conversation, dimse::Command command)
        : conversation_(conversation), command_(std::move(command)) {}

    net::Awaitable<Result<void>> data(ByteView fragment) override {
        if (identifier_.size() + fragment.size() > longest_identifier)
            co_return ErrorCode(net::errc::refused_pdu);
        append(identifier_, fragment);
        co_return Result<void>();
    }
    net::Awaitable<Result<void>> end() override {
        co_return co_await conversation_.take(command_, identifier_);
    }

  private:
    Conversation& conversation_;
    const dimse::Command command_;
    Bytes identifier_;
};

/// An object that the archive sends.
class Conversation::Object final : public net::Inflow {
  public:
    Object(Conversation& conversation, ContextId context, dimse::Command request,
           std::unique_ptr<ObjectSink> sink)
        : conversation_(conversation),
          context_(context),
          request_(std::move(request)),
          sink_(std::move(sink)) {}

    net::Awaitable<Result<void>> data(ByteView fragment) override {
        sink_->write(fragment);
        co_return Result<void>();
    }
    net::Awaitable<Result<void>> end() override {
        auto response = dimse::response_to(request_, sink_->finish());
        co_return co_await conversation_.leg_.send(context_, std::move(response));
    }

  private:
    Conversation& conversation_;
    const ContextId context_;
    const dimse::Command request_;
    const std::unique_ptr<ObjectSink> sink_;
};

void Conversation::expect(MessageId id, OnResponse on_response) {
    expected_ = id;
    on_response_ = std::move(on_response);
}

net::Awaitable<NextInflow> Conversation::command(ContextId context, dimse::Command command) {
    if (command.is_response()) {
        if (!expected_ || command.responded_to() != *expected_) co_return nullptr;
        co_return std::make_unique<Response>(*this, std::move(command));
    }
    if (command.field() == dimse::CommandField::c_cancel_rq) co_return nullptr;
    if (command.field() == dimse::CommandField::c_echo_rq)
        co_return co_await refuse(context, command, status::success);
    if (command.field() != dimse::CommandField::c_store_rq)
        co_return co_await refuse(context, command, status::unrecognized_operation);
    const auto sop_class = command.sop_class();
    const auto sop_instance = command.sop_instance();
    if (!command.has_data_set() || !sop_class || !sop_instance)
        co_return co_await refuse(context, command, status::cannot_understand);
    auto sink = receiver_
                    ? receiver_->begin(*sop_class, *sop_instance, leg_.context(context)->transfer_syntax)
                    : nullptr;
    if (!sink) co_return co_await refuse(context, command, status::not_authorized);
    co_return std::make_unique<Object>(*this, context, std::move(command), std::move(sink));
}

/// Answers at once; a data set that follows is dropped.
net::Awaitable<NextInflow> Conversation::refuse(ContextId context, const dimse::Command& request,
                                                std::uint16_t status) {
    auto response = dimse::response_to(request, status);
    const auto sent = co_await leg_.send(context, std::move(response));
    if (!sent) co_return sent.error();
    co_return nullptr;
}

net::Awaitable<Result<void>> Conversation::take(const dimse::Command& response, ByteView identifier) {
    on_response_(response, identifier);
    if (!status::is_pending(response.status())) {
        expected_.reset();
        co_await leg_.request_release();
    }
    co_return Result<void>();
}

Result<void> Conversation::progressed() {
    if (expected_ || receiver_) leg_.association().set_read_deadline(patience_);
    return {};
}

}  // namespace portcullis::scu
