#pragma once
// A request in words, and what is decided of it in words: one row of a table on one line.

#include <catch2/catch.hpp>
#include <sstream>
#include <string>
#include <vector>

#include "gateway/policy/explain.hpp"
#include "tests/policy/hospital.hpp"

namespace portcullis::policy {

struct Row {
    const char* asked;    // "retrieve WS1@10.0.1.7 to=clinic modality=CT at=mon_07:00"
    const char* decided;  // "open by ct", or "open by ct | refuse by default ? modality"
};

/// What the caller shows, with one name.
inline Certificate certificate_of(const std::string& name) {
    return {"CN=" + name + ",O=St Elsewhere", {name}, {}, std::string(64, 'a')};
}

/// "mon_07:05".
inline LocalTime time_of(const std::string& text) {
    static const std::string days = "montuewedthufrisatsun";
    return {static_cast<unsigned>(days.find(text.substr(0, 3)) / 3),
            static_cast<unsigned>(std::stoi(text.substr(4, 2)) * 60 + std::stoi(text.substr(7, 2)))};
}

class Question {
  public:
    explicit Question(const std::string& asked)
        : request_{Operation::other, title("NOBODY"), address("::"), title("PACS"), "main", {}, {}} {
        std::istringstream words(asked);
        std::string operation, caller;
        words >> operation >> caller;
        request_.operation = parse_operation(operation).value();
        const auto at = caller.find('@');
        request_.calling = title(caller.substr(0, at));
        request_.address = address(caller.substr(at + 1));
        request_.at = time_of("wed_12:00");
        for (std::string word; words >> word;) {
            const auto equals = std::min(word.find('='), word.size());
            std::string value = word.substr(std::min(equals + 1, word.size()));
            for (char& c : value)
                if (c == '_') c = ' ';
            set(word.substr(0, equals), value);
        }
    }
    Question(const Question&) = delete;
    Question& operator=(const Question&) = delete;
    const Request& request() const { return request_; }

  private:
    void set(const std::string& key, const std::string& value) {
        auto& object = request_.object;
        if (key == "to")
            request_.to = value;
        else if (key == "called")
            request_.called = title(value);
        else if (key == "archive")
            request_.archive = value;
        else if (key == "class")
            request_.sop_class = Uid::parse(value);
        else if (key == "object")
            object.sop_class = Uid::parse(value);
        else if (key == "modality")
            object.modality = value;
        else if (key == "institution")
            institution(value);
        else if (key == "nowhere")
            object.institutions.emplace();
        else if (key == "complete")
            object.complete = true;
        else if (key == "user")
            request_.user = value;
        else if (key == "peer")
            request_.peer = value;
        else if (key == "at")
            request_.at = time_of(value);
        else if (key == "back")
            request_.back = true;
        else if (key == "shows")
            show(value);
        else
            FAIL("no such word: " << key);
    }
    void institution(const std::string& name) {
        if (!request_.object.institutions) request_.object.institutions.emplace();
        request_.object.institutions->push_back(name);
    }
    void show(const std::string& name) {
        certificate_ = certificate_of(name);
        request_.certificate = &certificate_;
    }

    Certificate certificate_;
    Request request_;
};

inline std::string in_words(const Judgement& judged) {
    std::string text;
    for (const auto* rule : judged.possible)
        text += (text.empty() ? "" : " | ") + std::string(name(rule->decide)) + " by " + rule->name;
    for (const auto condition : judged.depends_on)
        text += (condition == judged.depends_on.front() ? " ? " : ", ") + std::string(name(condition));
    return text;
}

/// What is explained is what is decided, and says why.
inline void check_explained(const Policy& policy, const Request& request) {
    const auto judged = policy.judge(request);
    const auto explained = explain(policy, request);
    CHECK(explained.judged.possible == judged.possible);
    CHECK(explained.judged.depends_on == judged.depends_on);
    CHECK(explained.rules.size() + explained.not_looked_at == policy.rules().size());
    std::vector<std::string> matching;
    for (std::size_t i = 0; i < explained.rules.size(); ++i) {
        const auto& rule = explained.rules[i];
        CHECK(rule.name == policy.rules()[i].name);
        if (rule.holds != Holds::no) matching.push_back(rule.name);
        CHECK((rule.holds == Holds::yes) == rule.unmet.empty());
        Holds worst = Holds::yes;
        for (const auto& unmet : rule.unmet) {
            worst = std::min(worst, unmet.holds);
            CHECK_FALSE(unmet.wanted.empty());
        }
        CHECK(rule.holds == worst);
        CHECK((rule.holds != Holds::yes || i + 1 == explained.rules.size()));
    }
    if (matching.size() < judged.possible.size()) matching.push_back("default");
    REQUIRE(matching.size() == judged.possible.size());
    for (std::size_t i = 0; i < matching.size(); ++i) CHECK(judged.possible[i]->name == matching[i]);
}

inline void check_row(const Policy& policy, const Row& row) {
    INFO(row.asked);
    const Question question(row.asked);
    const auto judged = policy.judge(question.request());
    CHECK(in_words(judged) == row.decided);
    check_explained(policy, question.request());
    // Once nothing more will be known there is one verdict: one of those that were possible.
    const auto verdict = policy.decide(question.request());
    CHECK(std::any_of(judged.possible.begin(), judged.possible.end(),
                      [&](const auto* rule) { return rule->name == verdict.rule; }));
    auto known = question.request();
    known.object.complete = true;
    CHECK(policy.judge(known).verdict() == verdict);
    CHECK(policy.judge_again(judged, known).verdict() == verdict);
}

inline void check_rows(const Policy& policy, const std::vector<Row>& rows) {
    for (const Row& row : rows) check_row(policy, row);
}

}  // namespace portcullis::policy
