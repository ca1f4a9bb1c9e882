#include "tests/service/hospital.hpp"

#include <fstream>

#include "gateway/keys/keyring.hpp"

namespace portcullis::service::test {

Settings Hospital::settings() const {
    const auto where = folder.path().string();
    const auto port_of = [](const Node& node) { return std::to_string(node.port()); };
    auto made = parse_settings(
        "gateway:\n"
        "  id: gate-1\n"
        "  listen:\n"
        "    - {name: scanners, role: ingress, address: 127.0.0.1, port: 0}\n"
        "    - {name: archive, role: egress, address: 127.0.0.1, port: 0}\n"
        "archives: [{name: main, ae_title: PACS, host: 127.0.0.1, port: " +
            port_of(archive) +
            "}]\n"
            "peers: [{name: reading-room, ae_title: WS1, host: 127.0.0.1, port: " +
            port_of(workstation) +
            ", addresses: [127.0.0.1]}]\n"
            "policy:\n"
            "  rules:\n"
            "    - {operation: store, decide: seal}\n"
            "    - {operation: [echo, find, mpps, commitment], decide: relay}\n"
            "    - {operation: retrieve, from: reading-room, to: reading-room, decide: open}\n"
            "  unregistered: refuse\n"
            "keys: {keyring: " +
            where +
            "/keys}\n"
            "registry: sqlite:///" +
            where +
            "/registry.db\n"
            "audit: {log: " +
            where +
            "/audit}\n"
            "admin: {listen: '127.0.0.1:0'}\n",
        "test.yaml");
    made.limits.artim = std::chrono::seconds(2);
    made.limits.shutdown = std::chrono::milliseconds(100);
    return made;
}

Hospital::Hospital(const std::function<void(Settings&)>& change) : settings_(settings()) {
    if (change) change(settings_);
    keys::Keyring::init(settings_.keyring);
    start();
}

void Hospital::start() {
    gateway_ = std::make_unique<Gateway>([this] { return settings_; });
    running_ = std::thread([this] { gateway_->run(); });
}

void Hospital::restart(const std::function<void(Settings&)>& change) {
    gateway_->stop();
    wait_for_end();
    if (change) change(settings_);
    start();
}

void Hospital::reload(const std::function<void(Settings&)>& change) {
    change(settings_);
    gateway_->reload();
}

Hospital::~Hospital() {
    if (!gateway_) return;
    gateway_->stop();
    wait_for_end();
}

void Hospital::wait_for_end() {
    running_.join();
    gateway_.reset();
}

bool Hospital::refuses_calls(std::uint16_t port) {
    using boost::asio::ip::tcp;
    const auto deadline = net::Clock::now() + patience;
    while (net::Clock::now() < deadline) {
        tcp::socket socket(wire.io());
        ErrorCode error;
        socket.connect({boost::asio::ip::address_v4::loopback(), port}, error);
        if (error == boost::asio::error::connection_refused) return true;
    }
    return false;
}

Call Hospital::call(const ul::AssociateRq& request) {
    return {wire, gateway_->port("scanners"), request};
}

Associated Hospital::associate(const ul::AssociateRq& request, const Answer& answer) {
    auto calling = call(request);
    auto called = archive.accept(answer);
    return {calling.established(), std::move(called)};
}

Peer Hospital::deliver(const std::string& called, const std::string& transfer_syntax) {
    Call calling(wire, gateway_->port("archive"),
                 proposal("PACS", called, {context(1, uid::ct, {transfer_syntax})}));
    return calling.established();
}

Moving Hospital::move(const Bytes& identifier) {
    auto [viewer, pacs] = associate(viewer_proposal());
    viewer.say(1, move_rq(7, "WS1"), identifier);
    auto asked = pacs.hear().command;
    return {std::move(viewer), std::move(pacs), std::move(asked)};
}

Bytes Hospital::store(const Object& object) {
    auto [scanner, pacs] = associate(scanner_proposal());
    scanner.say(1, store_rq(1, object), object.data_set);
    auto stored = pacs.hear();
    pacs.say(1, dimse::response_to(stored.command, 0));
    if (scanner.hear().command.status() != 0) throw std::runtime_error("the scanner was not told of success");
    release(scanner, pacs);
    return std::move(stored.data_set);
}

std::string Hospital::metric(const std::string& series) const {
    boost::asio::ip::tcp::iostream admin("127.0.0.1", std::to_string(gateway_->admin_port()));
    admin << "GET /metrics HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n" << std::flush;
    for (std::string line; std::getline(admin, line);)
        if (line.starts_with(series + ' ')) return line.substr(series.size() + 1);
    return {};
}

Records Hospital::audit(const nlohmann::json& values) {
    if (gateway_) {
        gateway_->stop();
        wait_for_end();
    }
    Records found;
    std::ifstream log(folder.path() / "audit" / "audit.log");
    for (std::string line; std::getline(log, line);) {
        auto record = nlohmann::json::parse(line);
        const auto has = [&](const auto& wanted) {
            return record.contains(wanted.key()) && record[wanted.key()] == wanted.value();
        };
        bool all = true;
        for (const auto& wanted : values.items()) all = all && has(wanted);
        if (all) found.push_back(std::move(record));
    }
    return found;
}

ul::AssociateRq scanner_proposal() {
    return proposal("CT1", "PACS", {context(1, uid::ct)});
}

ul::AssociateRq viewer_proposal(const std::string& calling) {
    return proposal(calling, "PACS", {context(1, uid::study_move), context(3, uid::study_find)});
}

}  // namespace portcullis::service::test
