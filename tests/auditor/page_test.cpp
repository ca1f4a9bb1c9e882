#include "gateway/auditor/page.hpp"

#include <catch2/catch.hpp>

using namespace portcullis::auditor;
using Catch::Contains;

namespace {
Page a_page() {
    Page page{"Title", "Subtitle", {{"1 234", "figures", Tone::bad}}, {}};
    page.sections.push_back(
        {.title = "Section",
         .lead = "Lead.",
         .bar = {{"part", 3, Tone::good}, {"none", 0, Tone::bad}},
         .tables = {{{{"who"}, {"count", true}}, {{"WS1", "12"}, {"M\xc3\xbcnchen", "7"}}},
                    {{{"nothing"}}, {}}},
         .commands = {"portcullis audit verify"}});
    return page;
}
}  // namespace

TEST_CASE("A page has all that is in it, as HTML and as text") {
    for (const auto* word : {"Title", "Subtitle", "1 234", "figures", "Section", "Lead.", "WS1", "12",
                             "M\xc3\xbcnchen", "portcullis audit verify"}) {
        CHECK_THAT(html(a_page()), Contains(word));
        CHECK_THAT(plain_text(a_page()), Contains(word));
    }
    CHECK_THAT(html(a_page()), Contains("<td class=\"n\">12</td>") && !Contains("nothing"));
    CHECK_THAT(html(a_page()), Contains("flex: 3 1 3px") && !Contains("flex: 0"));
    CHECK_THAT(plain_text(a_page()), Contains("  WS1         12\n") && Contains("  M\xc3\xbcnchen      7\n"));
}

TEST_CASE("A page needs nothing from elsewhere and runs nothing") {
    for (const auto* word : {"<script", "http:", "https:", "src=", "url(", "@import", "href="})
        CHECK_THAT(html(a_page()), !Contains(word));
}

TEST_CASE("Whatever stands in a page is text") {
    const std::string hostile = "</td><script>alert('1')</script>&\"\x1b[2J";
    Page page{hostile, hostile, {{hostile, hostile, Tone::plain}}, {}};
    page.sections.push_back({.title = hostile,
                             .lead = hostile,
                             .bar = {{hostile, 1, Tone::plain}},
                             .tables = {{{{hostile}}, {{hostile}}, hostile}},
                             .commands = {hostile}});
    const auto made = html(page);
    CHECK_THAT(made, !Contains("<script") && !Contains("alert('") && !Contains("\x1b"));
    CHECK_THAT(made, Contains("&lt;/td&gt;&lt;script&gt;alert(&#39;1&#39;)&lt;/script&gt;&amp;&quot;?[2J"));
}

TEST_CASE("Numbers are set in groups of three digits") {
    CHECK(grouped(0) == "0");
    CHECK(grouped(999) == "999");
    CHECK(grouped(1000) == "1 000");
    CHECK(grouped(1234567) == "1 234 567");
}
