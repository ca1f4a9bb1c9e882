#include "gateway/image/query.hpp"

#include <catch2/catch.hpp>

#include "gateway/image/error.hpp"
#include "tests/image/build.hpp"
#include "tests/image/gate.hpp"

using namespace portcullis;
using namespace portcullis::image;
using namespace portcullis::image::test;

namespace {

Uid uid(const std::string& text) {
    return Uid::parse(text).value();
}

Identifiers object(const char* patient, const char* study, const char* series, const char* instance) {
    Identifiers made;
    made.sop_instance = uid(instance);
    made.study = uid(study);
    made.series = uid(series);
    made.patient_id = patient;
    made.complete = true;
    return made;
}

}  // namespace

TEST_CASE("a request for two series") {
    for (const bool explicit_vr : {false, true}) {
        DataSet data(explicit_vr);
        data.element(0x00080052, "CS", "SERIES").element(0x0020000D, "UI", std::string("1.2.8\0", 6));
        data.element(0x0020000E, "UI", "1.2.9\\1.2.10");
        const auto scope = read_scope(data.bytes, explicit_vr ? explicit_le : implicit_le);
        REQUIRE(scope.has_value());
        CHECK(scope->level == "SERIES");
        CHECK(scope->studies == std::vector{uid("1.2.8")});
        CHECK(scope->series == std::vector{uid("1.2.9"), uid("1.2.10")});
        CHECK(scope->covers(object("P", "1.2.8", "1.2.10", "1.2.3")));
        CHECK_FALSE(scope->covers(object("P", "1.2.8", "1.2.11", "1.2.3")));
        CHECK_FALSE(scope->covers(object("P", "1.2.7", "1.2.10", "1.2.3")));
        CHECK_FALSE(scope->covers(Identifiers{}));
    }
}

TEST_CASE("a request for a patient, and for instances") {
    DataSet patient(true);
    patient.element(0x00080052, "CS", "PATIENT ")
        .element(0x00100020, "LO", "PAT 1 ")
        .element(0x0020000D, "UI", "");
    const auto scope = read_scope(patient.bytes, explicit_le);
    REQUIRE(scope.has_value());
    CHECK(scope->level == "PATIENT");
    CHECK(scope->covers(object("PAT 1", "1.2", "1.3", "1.4")));
    CHECK_FALSE(scope->covers(object("PAT 10", "1.2", "1.3", "1.4")));
    DataSet instances(true);
    instances.element(0x00080018, "UI", "1.4\\1.5 ").element(0x00080052, "CS", "IMAGE ");
    const auto two = read_scope(instances.bytes, explicit_le);
    REQUIRE(two.has_value());
    CHECK(two->covers(object("P", "1.2", "1.3", "1.5")));
    CHECK_FALSE(two->covers(object("P", "1.2", "1.3", "1.6")));
}

TEST_CASE("a request that names nothing covers nothing") {
    const auto scope = read_scope(DataSet(true).element(0x00080052, "CS", "STUDY ").bytes, explicit_le);
    REQUIRE(scope.has_value());
    CHECK(scope->empty());
    CHECK_FALSE(scope->covers(object("P", "1.2", "1.3", "1.5")));
    CHECK(read_scope({}, explicit_le)->empty());
}

TEST_CASE("what is in a sequence of the request does not count") {
    DataSet data(true);
    data.header(0x00081140, "SQ", undefined).item().uid(0x00080018, "1.4").end_item().end_sequence();
    CHECK(read_scope(data.bytes, explicit_le)->empty());
}

TEST_CASE("malformed requests") {
    CHECK(read_scope(DataSet(true).element(0x0020000D, "UI", "1.2.*").bytes, explicit_le).error() ==
          errc::malformed);
    CHECK(read_scope(DataSet(true).header(0x0020000D, "UI", 10).bytes, explicit_le).error() ==
          errc::malformed);
    CHECK(read_scope(DataSet(true).element(0x00091001, "UN", Bytes(1024 * 1024, 0)).bytes, explicit_le)
              .error() == errc::malformed);
    CHECK(read_scope(DataSet(true).element(0x00091001, "UN", Bytes(1024 * 1024 - 12, 0)).bytes, explicit_le)
              .has_value());
}

TEST_CASE("the list of what failed is written and read, also when it is longer than a UI can say") {
    for (const std::size_t count : {0, 1, 2, 3, 5000}) {
        std::vector<Uid> failed;
        for (std::size_t i = 0; i < count; ++i)
            failed.push_back(uid("1.2.840.113619.2.1." + std::to_string(i)));
        for (const TransferSyntax& transfer_syntax : {implicit_le, explicit_le}) {
            const Bytes written = write_failed_list(failed, transfer_syntax);
            CHECK(written.size() % 2 == 0);
            const auto read = read_failed_list(written, transfer_syntax);
            REQUIRE(read.has_value());
            CHECK(*read == failed);
        }
    }
    CHECK(read_failed_list({}, explicit_le)->empty());
}

TEST_CASE("one failed instance, byte for byte") {
    const Bytes written = write_failed_list({uid("1.2.3")}, explicit_le);
    CHECK(written == Bytes{0x08, 0, 0x58, 0, 'U', 'I', 6, 0, '1', '.', '2', '.', '3', 0});
}
