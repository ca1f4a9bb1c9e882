#include "gateway/base/names.hpp"

#include <catch2/catch.hpp>

using namespace portcullis;

TEST_CASE("an AE title has 1 to 16 characters, spaces around it aside") {
    CHECK(AeTitle::parse("PACS")->str() == "PACS");
    CHECK(AeTitle::parse("  PACS          ")->str() == "PACS");
    CHECK(AeTitle::parse("MY PACS 1")->str() == "MY PACS 1");
    CHECK(AeTitle::parse("SIXTEEN-LETTERS!")->str().size() == 16);
    CHECK_FALSE(AeTitle::parse("SEVENTEEN-LETTERS"));
    CHECK_FALSE(AeTitle::parse(""));
    CHECK_FALSE(AeTitle::parse("                "));
}

TEST_CASE("an AE title is text of the default repertoire, whatever it may mean to a file system") {
    CHECK(AeTitle::parse("../")->str() == "../");
    CHECK_FALSE(AeTitle::parse("A\\B"));
    CHECK_FALSE(AeTitle::parse("A\nB"));
    CHECK_FALSE(AeTitle::parse(std::string_view("A\0B", 3)));
    CHECK_FALSE(AeTitle::parse("A\x7f"));
    CHECK_FALSE(AeTitle::parse("PRAXIS-M\xc3\x9cLLER"));
}

TEST_CASE("an AE title stands in a PDU with 16 bytes") {
    CHECK(AeTitle::parse("PACS")->padded() == "PACS            ");
    CHECK(AeTitle::parse("SIXTEEN-LETTERS!")->padded() == "SIXTEEN-LETTERS!");
}

TEST_CASE("a UID has at most 64 digits and dots, and one byte of padding") {
    CHECK(Uid::parse("1.2.840.10008.1.2")->str() == "1.2.840.10008.1.2");
    CHECK(Uid::parse(std::string_view("1.2\0", 4))->str() == "1.2");
    CHECK(Uid::parse("1.2 ")->str() == "1.2");
    CHECK(Uid::parse("1.02")->str() == "1.02");
    CHECK(Uid::parse(std::string(64, '1')));
    CHECK(Uid::parse(std::string(64, '1') + '\0'));
    CHECK_FALSE(Uid::parse(std::string(65, '1')));
    CHECK_FALSE(Uid::parse(std::string(65'535, '1')));
    CHECK_FALSE(Uid::parse(""));
    CHECK_FALSE(Uid::parse(" "));
    CHECK_FALSE(Uid::parse("1.2  "));
    CHECK_FALSE(Uid::parse("1.2.a"));
    CHECK_FALSE(Uid::parse("../1.2"));
}

TEST_CASE("a presentation context id is odd and fits a byte") {
    CHECK(ContextId::parse(1)->value() == 1);
    CHECK(ContextId::parse(255)->value() == 255);
    CHECK_FALSE(ContextId::parse(0));
    CHECK_FALSE(ContextId::parse(2));
    CHECK_FALSE(ContextId::parse(257));
}
