// Which moves an archive's delivery may belong to, before anything is known of the object.

#include <catch2/catch.hpp>

#include "gateway/service/retrieval.hpp"

using namespace portcullis;
using namespace portcullis::service;

namespace {

Archive archive_with(const std::vector<std::string>& move_titles) {
    Archive archive{"main", *AeTitle::parse("PACS"), "127.0.0.1", 104, {}, {}, {}};
    for (const auto& title : move_titles) archive.move_titles.push_back(*AeTitle::parse(title));
    return archive;
}

/// By a policy that opens nothing: what is decided makes no difference here.
Judged judged(const AeTitle& viewer) {
    policy::Request request{
        policy::Operation::retrieve, viewer, *IpAddress::parse("127.0.0.1"), viewer, "main", {}, {}};
    return {std::make_shared<const Access>(Settings{}), std::move(request), nullptr};
}

Retrieval::Request asking(const Archive& archive, const std::vector<std::string>& studies) {
    image::RetrieveScope scope;
    for (const auto& study : studies) scope.studies.push_back(*Uid::parse(study));
    const auto viewer = *AeTitle::parse("WS1");
    return {&archive,     viewer, *IpAddress::parse("127.0.0.1"),
            MessageId{1}, scope,  judged(viewer),
            "room",       viewer, {},
            {},           false};
}

const auto portcullis_title = *AeTitle::parse("PORTCULLIS");

}  // namespace

TEST_CASE("a delivery belongs to the moves under its title, and to one of them if it names it") {
    const auto archive = archive_with({"PORTCULLIS"});
    Moves moves;
    const auto first = moves.begin(asking(archive, {"1.2"}), MessageId{7});
    const auto second = moves.begin(asking(archive, {"1.3"}), MessageId{8});

    CHECK(moves.candidates(portcullis_title, std::nullopt).size() == 2);
    const auto named = moves.candidates(portcullis_title, MessageId{8});
    REQUIRE(named.size() == 1);
    CHECK(named.front() == second);
    CHECK(moves.candidates(portcullis_title, MessageId{9}).empty());
    CHECK(moves.candidates(*AeTitle::parse("GATE2"), std::nullopt).empty());

    moves.end(*first);
    CHECK(moves.candidates(portcullis_title, MessageId{7}).empty());
    CHECK(moves.candidates(portcullis_title, std::nullopt).size() == 1);
}

TEST_CASE("moves at once go out under different titles of the pool") {
    const auto archive = archive_with({"GATE1", "GATE2"});
    Moves moves;
    const auto first = moves.begin(asking(archive, {"1.2"}), MessageId{1});
    const auto second = moves.begin(asking(archive, {"1.3"}), MessageId{2});
    CHECK(first->gateway_title() != second->gateway_title());

    moves.end(*first);
    const auto third = moves.begin(asking(archive, {"1.4"}), MessageId{3});
    CHECK(third->gateway_title() == first->gateway_title());
    const auto named = moves.candidates(second->gateway_title(), std::nullopt);
    REQUIRE(named.size() == 1);
    CHECK(named.front() == second);
}

TEST_CASE("the studies asked for are known unless a move names none") {
    const auto archive = archive_with({"PORTCULLIS"});
    Moves moves;
    CHECK(moves.studies(portcullis_title).empty());
    moves.begin(asking(archive, {"1.2", "1.3"}), MessageId{1});
    moves.begin(asking(archive, {"1.4"}), MessageId{2});
    CHECK(moves.studies(portcullis_title).size() == 3);
    const auto by_patient = moves.begin(asking(archive, {}), MessageId{3});
    CHECK(moves.studies(portcullis_title).empty());
    moves.end(*by_patient);
    CHECK(moves.studies(portcullis_title).size() == 3);
}
