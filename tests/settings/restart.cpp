// What may change while the gateway runs, and what counts from a start only.

#include "tests/settings/sample.hpp"

using namespace portcullis;
using namespace portcullis::test;

namespace {

using Names = std::vector<std::string>;

/// What needs a restart when the first becomes the second.
Names between(const Sample& running, const Sample& fresh) {
    return needing_restart(running.read(), fresh.read());
}

}  // namespace

TEST_CASE("Nothing needs a restart when nothing changed, wherever it stands") {
    Sample running;
    running.gateway =
        "gateway: {listen: [{name: secure, tls: {certificate: gw.pem, key: gw.key, authorities: ca.pem}}]}\n";
    running.archives =
        "archives: [{name: main, ae_title: PACS, host: 10.0.0.5, tls: {authorities: ca.pem}, returned: "
        "{geometry: warn}, calling_ae: {map: {CT1: GATE1}}}]\n";
    running.rest = "seal: {codec: none, plugins: [{path: /p.so, sha256: " + std::string(64, 'a') +
                   "}], regions: {also: [ACME]}}\n";
    Sample fresh = running;
    fresh.gateway = "# moved\n\n" + fresh.gateway;
    CHECK(between(running, fresh).empty());
}

TEST_CASE("Peers, groups and policy need no restart") {
    Sample fresh;
    fresh.peers =
        "peers:\n  - {name: tablets, ae_title: TAB1, host: 10.0.1.8, addresses: [10.0.1.8], tls: "
        "{authorities: ca.pem}}\n";
    fresh.rest =
        "groups: {viewers: [tablets]}\n"
        "policy: {rules: [{operation: retrieve, from: viewers, to: viewers, decide: open}], unregistered: "
        "pass, budgets: [{name: few, window: 1h, objects: 10}]}\n";
    CHECK(between({}, fresh).empty());
}

TEST_CASE("Whatever else changes is named by its key") {
    const auto in_gateway = [](const std::string& text) {
        Sample sample;
        sample.gateway = "gateway: {" + text + "}\n";
        return sample;
    };
    const auto in_rest = [](const std::string& text) {
        Sample sample;
        sample.rest = text + "\n";
        return sample;
    };
    const auto in_archive = [](const std::string& text) {
        Sample sample;
        sample.archives = "archives: [{name: main, ae_title: PACS, host: 10.0.0.5, " + text + "}]\n";
        return sample;
    };
    Sample keys;
    keys.keys = "keys: {keyring: /other}\n";
    const std::vector<std::pair<Sample, std::string>> rows = {
        {in_gateway("id: another-gate"), "gateway.id"},
        {in_gateway("tenant: elsewhere"), "gateway.tenant"},
        {in_gateway("listen: [{name: scanners, port: 104}]"), "gateway.listen"},
        {in_gateway("limits: {idle: 5s}"), "gateway.limits"},
        {in_archive("port: 105"), "archives"},
        {in_archive("release: whole"), "archives"},
        {in_archive("inbound: {addresses: [10.0.0.6]}"), "archives"},
        {in_archive("returned: {geometry: open}"), "archives"},
        {in_archive("tls: {authorities: ca.pem}"), "archives"},
        {in_rest("seal: {codec: none}"), "seal.codec"},
        {in_rest("seal: {allow: [rabbit-siv]}"), "seal.allow"},
        {in_rest("seal: {mark: false}"), "seal.mark"},
        {in_rest("seal: {regions: {never: [ACME]}}"), "seal.regions"},
        {in_rest("seal: {plugins: [{path: /p.so, sha256: " + std::string(64, 'a') + "}]}"), "seal.plugins"},
        {keys, "keys.keyring"},
        {in_rest("registry: sqlite:///other.db"), "registry"},
        {in_rest("audit: {log: /other/audit}"), "audit.log"},
        {in_rest("audit: {identifiers: hashed}"), "audit.identifiers"},
        {in_rest("audit: {rotate: {size: 2GiB}}"), "audit.rotate"},
        {in_rest("audit: {rotate: {age: 2d}}"), "audit.rotate"},
        {in_rest("audit: {checkpoint: 61s}"), "audit.checkpoint"},
        {in_rest("audit: {syslog: {host: a, transport: udp}}"), "audit.syslog"},
        {in_rest("mode: observe"), "mode"},
        {in_rest("admin: {listen: '127.0.0.2:8105'}"), "admin.listen"},
    };
    for (const auto& [fresh, name] : rows) {
        INFO(fresh.text());
        CHECK(between({}, fresh) == Names{name});
    }
}

TEST_CASE("The gateway's own title is also that under which archives know it") {
    Sample fresh;
    fresh.gateway = "gateway: {ae_title: GATE}\n";
    CHECK(between({}, fresh) == Names{"gateway.ae_title", "archives"});
}
