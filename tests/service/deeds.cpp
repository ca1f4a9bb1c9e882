#include "tests/service/deeds.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <stdexcept>

#include "gateway/image/seal.hpp"
#include "gateway/keys/keyring.hpp"

namespace portcullis::service::test {

Bytes retrieve(Hospital& hospital, const Object& object, const Bytes& returned,
               const std::string& transfer_syntax) {
    auto moving = hospital.move(asks_for_study(object.study));
    auto delivery = hospital.deliver("PORTCULLIS", transfer_syntax);
    delivery.say(1, store_rq(1, object, "WS1", moving.asked.message_id()), returned);
    auto destination = hospital.workstation.accept();
    auto received = destination.hear();
    destination.say(1, dimse::response_to(received.command, 0));
    if (delivery.hear().command.status() != 0)
        throw std::runtime_error("the archive was not told of success");
    release(delivery, destination);
    moving.archive.say(1, retrieve_rsp(moving.asked, 0, {0, 1, 0, 0}));
    moving.viewer.hear();
    release(moving.viewer, moving.archive);
    return std::move(received.data_set);
}

Bytes sealed_offline(const std::filesystem::path& keyring, const Object& object, bool mark,
                     const std::string& transfer_syntax) {
    const auto keys = keys::Keyring::open(keyring);
    const auto catalogue = codec::Catalogue::built_in();
    const auto sealer =
        image::make_sealer({.transfer_syntax = *image::carried_transfer_syntax(*Uid::parse(transfer_syntax)),
                            .identity = {"default", uid::ct, object.instance},
                            .origin = {"gate-2", "", 1},
                            .codec = catalogue.find("rabbit-siv"),
                            .mark = mark},
                           *keys);
    ByteCollector out;
    if (!sealer->push(object.data_set, out) || !sealer->finish(out))
        throw std::runtime_error(sealer->failure_detail());
    return std::move(out.collected);
}

void check_passes(Hospital& hospital, const ul::AssociateRq& proposal, const Object& object,
                  const Bytes& sealed) {
    auto [scanner, pacs] = hospital.associate(proposal);
    scanner.say(1, store_rq(1, object), sealed);
    const auto stored = pacs.hear();
    CHECK((stored.data_set == sealed));
    pacs.say(1, dimse::response_to(stored.command, 0));
    CHECK(scanner.hear().command.status() == 0);
    release(scanner, pacs);
}

policy::Rule push_rule(policy::Decision decide) {
    policy::Rule rule;
    rule.name = "push";
    rule.operations = {policy::Operation::push};
    rule.from = {"main"};
    rule.to = {"reading-room"};
    rule.decide = decide;
    return rule;
}

Bytes without_block(Bytes sealed) {
    const Bytes creator = {0xE1, 0x7F, 0xFE, 0x00, 'L', 'O'};
    const auto at = std::search(sealed.begin(), sealed.end(), creator.begin(), creator.end());
    if (at == sealed.end()) throw std::runtime_error("not sealed, or without its block already");
    sealed.erase(at, sealed.end());
    return sealed;
}

}  // namespace portcullis::service::test
