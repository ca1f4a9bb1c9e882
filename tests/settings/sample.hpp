#pragma once
// The smallest configuration that works, in parts, so that a test can replace one of them.

#include <algorithm>
#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "gateway/settings.hpp"

namespace portcullis::test {

struct Sample {
    std::string gateway;  // lines 1 on; empty by default
    std::string archives = "archives: [{name: main, ae_title: PACS, host: 10.0.0.5}]\n";
    std::string peers = "peers: [{name: ws, ae_title: WS1, host: 10.0.1.7, addresses: [10.0.1.7]}]\n";
    std::string rest;
    std::string keys = "keys: {keyring: /keys}\n";

    std::string text() const { return gateway + archives + peers + rest + keys; }
    Settings read() const { return parse_settings(text(), "/etc/gate.yaml"); }
};

/// What is said of a text, or nothing if it is accepted.
inline std::string complaint(const std::string& text) {
    try {
        parse_settings(text, "gate.yaml");
        return "";
    } catch (const SettingsError& error) {
        return error.what();
    }
}

/// A text with one error, whose place is marked by '^', and the beginning of what must be said of it.
struct Row {
    std::string text;
    std::string said;
};

/// Takes out the mark, and expects one line that begins with file, line, column (from 1) and these words.
inline void check_complaint(std::string text, const std::string& said) {
    const auto mark = text.find('^');
    REQUIRE(mark != std::string::npos);
    text.erase(mark, 1);
    const auto before = std::string_view(text).substr(0, mark);
    const auto line = 1 + std::count(before.begin(), before.end(), '\n');
    const auto column = mark - (before.rfind('\n') + 1) + 1;  // npos + 1 is 0
    INFO(text);
    const std::string complained = complaint(text);
    CHECK_THAT(complained, Catch::Matchers::StartsWith("gate.yaml:" + std::to_string(line) + ':' +
                                                       std::to_string(column) + ": " + said));
    CHECK(complained.find('\n') == std::string::npos);
}

/// Each row's text between `before` and `after` replaces one part of the sample. Without a mark of its own
/// the place is the last character of `before`.
inline void check_rows(std::string Sample::*part, const std::string& before, const std::string& after,
                       const std::vector<Row>& rows) {
    for (const auto& [text, said] : rows) {
        std::string all = before + text + after;
        if (text.find('^') == std::string::npos) all.insert(before.size() - 1, "^");
        Sample sample;
        sample.*part = all + '\n';
        check_complaint(sample.text(), said);
    }
}

}  // namespace portcullis::test
