// What waits for a repository: the log, and the number of the first record that is not known to have arrived.

#include "gateway/service/audit_queue.hpp"

#include <catch2/catch.hpp>
#include <fstream>

#include "tests/service/sending.hpp"

using namespace portcullis;
using namespace portcullis::service;
using namespace portcullis::service::test;

namespace {

AuditQueue queue_of(const WrittenLog& log) {
    return {log.folder(), "audit.example:6514", log.records(), WrittenLog::message};
}

std::string take(AuditQueue& queue) {
    const auto* message = queue.front();
    const auto taken = message ? *message : "nothing";
    if (message) queue.pop();
    return taken;
}

void write_number(const WrittenLog& log, const std::string& content) {
    std::ofstream(log.folder() / "syslog-audit.example:6514.next") << content;
}

}  // namespace

TEST_CASE("a repository that is new gets what comes from now on") {
    WrittenLog log;
    log.write("before");
    auto queue = queue_of(log);
    CHECK(queue.waiting(log.records()) == 0);
    CHECK(take(queue) == "nothing");
    log.write("after");
    CHECK(queue.waiting(log.records()) == 1);
    CHECK(take(queue) == "2 start after");
    CHECK(take(queue) == "nothing");
}

TEST_CASE("what was taken off and has not arrived comes again, also after a restart, and is the same") {
    WrittenLog log;
    {
        auto queue = queue_of(log);
        for (const char* what : {"a", "b", "c"}) log.write(what);
        take(queue);
        queue.confirm();
        CHECK(take(queue) == "2 start b");
        CHECK(queue.number() == 2);
        CHECK(take(queue) == "3 start c");
        queue.rewind();
        CHECK(take(queue) == "2 start b");
        CHECK(queue.waiting(log.records()) == 2);
    }
    auto again = queue_of(log);
    CHECK(take(again) == "2 start b");
    CHECK(take(again) == "3 start c");
    again.confirm();
    CHECK(again.waiting(log.records()) == 0);
    auto later = queue_of(log);
    CHECK(take(later) == "nothing");
}

TEST_CASE("a record without a message is passed by, and is done with the message before it") {
    WrittenLog log;
    auto queue = queue_of(log);
    log.write("a");
    log.write("x", "intent");
    log.write("b");
    log.write("y", "intent");
    CHECK(take(queue) == "1 start a");
    CHECK(take(queue) == "3 start b");
    CHECK(take(queue) == "nothing");
    queue.confirm();
    CHECK(queue.waiting(log.records()) == 0);
}

TEST_CASE("what was not taken off yet is not confirmed") {
    WrittenLog log;
    auto queue = queue_of(log);
    log.write("a");
    log.write("b");
    take(queue);
    CHECK(*queue.front() == "2 start b");
    queue.confirm();
    auto again = queue_of(log);
    CHECK(take(again) == "2 start b");
}

TEST_CASE("in a log that was begun anew the repository gets everything") {
    WrittenLog log;
    write_number(log, "1000\n");
    log.write("a");
    auto queue = queue_of(log);
    CHECK(take(queue) == "1 start a");
}

TEST_CASE("a number that is none is not guessed at") {
    const auto content = GENERATE("", "\n", "0\n", "-1\n", "12", "12 \n", "1x\n", "99999999999999999999\n");
    WrittenLog log;
    write_number(log, content);
    CHECK_THROWS_WITH(queue_of(log), Catch::Matchers::Contains("syslog-audit.example:6514.next") &&
                                         Catch::Matchers::Contains("is malformed; write the number"));
}
