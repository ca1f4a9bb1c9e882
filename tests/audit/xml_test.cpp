#include "gateway/audit/xml.hpp"

#include <catch2/catch.hpp>

using namespace portcullis::audit;

TEST_CASE("Elements, attributes and text are written in one line") {
    XmlWriter xml;
    xml.open("a").attribute("b", "1").open("c").close().open("d").text("t").close().close();
    CHECK(xml.str() == "<a b=\"1\"><c/><d>t</d></a>");
}

TEST_CASE("What is markup is no markup in a value") {
    CHECK(xml_escaped("<a b=\"&'\">") == "&lt;a b=&quot;&amp;'&quot;&gt;");
    CHECK(xml_escaped("]]>") == "]]&gt;");
    CHECK(xml_escaped("a\tb\nc\rd") == "a&#9;b&#10;c&#13;d");
}

TEST_CASE("What XML has no place for is replaced, and nothing else") {
    const std::string bad = "\xef\xbf\xbd";
    CHECK(xml_escaped(std::string_view("\0\x01\x1f", 3)) == bad + bad + bad);
    CHECK(xml_escaped("M\xc3\xbcller \xe2\x82\xac \xf0\x9f\x98\x80") ==
          "M\xc3\xbcller \xe2\x82\xac \xf0\x9f\x98\x80");
    for (const std::string_view one : {"\xff", "\x80", "\xc0", "\xf5"}) CHECK(xml_escaped(one) == bad);
    CHECK(xml_escaped("\xc3") == bad);
    CHECK(xml_escaped("\xc3(") == bad + "(");
    CHECK(xml_escaped("\xed\xa0\x80") == bad + bad + bad);            // a surrogate
    CHECK(xml_escaped("\xe0\x80\xaf") == bad + bad + bad);            // too long a form
    CHECK(xml_escaped("\xf4\x90\x80\x80") == bad + bad + bad + bad);  // beyond U+10FFFF
    CHECK(xml_escaped("\xef\xbf\xbe") == bad);
    CHECK(xml_escaped("\xef\xbf\xbf") == bad);
}

TEST_CASE("A long value is cut between two characters") {
    const std::string plain(longest_xml_value - 1, 'x');
    CHECK(xml_escaped(plain + "yz") == plain + "y");
    CHECK(xml_escaped(plain + "\xc3\xbc") == plain);
    CHECK(xml_escaped(std::string(longest_xml_value, '&')).size() == 5 * longest_xml_value);
}
