#include "gateway/scu/client.hpp"

#include <boost/asio/co_spawn.hpp>

#include "gateway/net/error.hpp"

namespace portcullis::scu {

namespace {

constexpr auto farewell = std::chrono::seconds(2);

template <class T>
net::Awaitable<void> into(net::Awaitable<T> question, std::optional<T>& answer) {
    answer.emplace(co_await std::move(question));
}

}  // namespace

Client::Client(const Settings& settings, const Archive& archive, net::Clock::duration patience,
               net::Clock::duration limit)
    : settings_(settings),
      archive_(archive),
      tls_(load_tls(settings)),
      call_(call_of(settings, tls_, archive)),
      limit_(limit) {
    call_.patience = std::min(call_.patience, patience);
}

/// What still runs refers to us: it is given the time to end.
Client::~Client() {
    if (destination_) destination_->stop();
    open_.close_all();
    io_.restart();
    io_.run_for(farewell);
}

std::string Client::listen() {
    if (archive_.move_titles.empty()) return "the configuration gives the archive no move_titles";
    std::string why = "gateway.listen has no listener of role egress or both";
    for (const auto& listener : settings_.listen) {
        if (listener.role == Role::ingress) continue;
        try {
            destination_ = std::make_unique<Destination>(io_.get_executor(), settings_, archive_, listener,
                                                         tls_.of_listener(listener.name), call_, open_);
        } catch (const std::runtime_error& error) {
            why = error.what();
            continue;
        }
        listening_ = listener.address + ":" + std::to_string(listener.port);
        return {};
    }
    return why;
}

std::string Client::destination() const {
    return archive_.move_titles.front().str() + " at " + listening_;
}

template <class T>
T Client::run(net::Awaitable<Result<T>> question) {
    std::optional<Result<T>> answer;
    std::exception_ptr fault;
    bool done = false;
    rejection_ = {};
    boost::asio::co_spawn(io_, into(std::move(question), answer), [&](std::exception_ptr ended) {
        fault = ended;
        done = true;
    });
    const auto end = net::Clock::now() + limit_;
    bool late = false;
    while (!done) {
        io_.restart();
        if (late) {
            io_.run_one();
            continue;
        }
        io_.run_one_until(end);
        if (done || net::Clock::now() < end) continue;
        late = true;
        open_.close_all();
    }
    if (fault) std::rethrow_exception(fault);
    if (*answer) {
        if constexpr (std::is_void_v<T>)
            return;
        else
            return std::move(**answer);
    }
    auto why = late ? ErrorCode(net::errc::timed_out).message() : answer->error().message();
    if (rejection_.result != 0) why += ": " + describe(rejection_);
    throw Failed(call_.where() + ": " + why);
}

/// Whoever receives may go when this returns.
void Client::end_of_receiving() {
    destination_->receive_for(nullptr);
    const auto end = net::Clock::now() + farewell;
    while (destination_->serving() > 0) {
        io_.restart();
        io_.run_one_until(end);
        if (net::Clock::now() < end) continue;
        open_.close_all();
        io_.run_one_for(farewell);
    }
}

void Client::store(const std::vector<Object>& objects, std::vector<StoreAnswer>& answers) {
    run(scu::store(call_, open_, objects, &rejection_, answers));
}

Answer Client::find(const Keys& keys, const OnMatch& on_match) {
    return run(scu::find(call_, open_, keys, on_match, &rejection_));
}

Answer Client::retrieve(Way way, const Keys& keys, Receiver& receiver, const std::vector<Uid>& sop_classes) {
    if (way == Way::get) return run(scu::get(call_, open_, keys, receiver, sop_classes, &rejection_));
    destination_->receive_for(&receiver);
    const struct Done {
        Client& client;
        ~Done() { client.end_of_receiving(); }
    } done{*this};
    return run(scu::move(call_, open_, keys, archive_.move_titles.front(), &rejection_));
}

}  // namespace portcullis::scu
