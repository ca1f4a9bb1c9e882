#include "gateway/audit/checkpoint.hpp"

#include <fcntl.h>
#include <openssl/evp.h>

#include <catch2/catch.hpp>
#include <memory>
#include <thread>

#include "fixture.hpp"
#include "gateway/audit/files.hpp"
#include "gateway/audit/proof.hpp"
#include "gateway/audit/reader.hpp"

using namespace portcullis;
using namespace portcullis::audit;
using Catch::Contains;
namespace fs = std::filesystem;

namespace {

Signer make_signer(const std::string& gateway = "gate-1") {
    const std::shared_ptr<EVP_PKEY> key(EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519"), EVP_PKEY_free);
    NoteKey note{origin_of(gateway), {}};
    std::size_t length = note.key.size();
    if (EVP_PKEY_get_raw_public_key(key.get(), note.key.data(), &length) != 1)
        throw std::runtime_error("OpenSSL");
    return {note, [key](std::string_view text) {
                Signature signature;
                std::size_t size = signature.size();
                const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(),
                                                                                      EVP_MD_CTX_free);
                EVP_DigestSignInit(context.get(), nullptr, nullptr, nullptr, key.get());
                EVP_DigestSign(context.get(), signature.data(), &size, as_bytes(text).data(), text.size());
                return signature;
            }};
}

void append(AuditLog& log, std::size_t records) {
    log.apply(prepare(log, some_records(records)));
}

std::vector<Checkpoint> checkpoints_of(const fs::path& folder) {
    std::vector<Checkpoint> all;
    const auto end = read_checkpoints(folder, 0, [&](const auto& one) { all.push_back(one); });
    CHECK(end == checkpoints_end(folder));
    return all;
}

const Signer signer = make_signer();
const Known known{{signer.key}, {}, 1, {}};

}  // namespace

TEST_CASE("A checkpoint is signed of what was applied, kept in both files, and told once") {
    const TemporaryFolder folder;
    AuditLog log(folder, {{}, signer});
    CHECK_FALSE(log.checkpoint());
    append(log, 5);
    const auto record = log.checkpoint();
    REQUIRE(record);
    CHECK(record->event == "checkpoint");
    const auto latest = latest_checkpoint(folder);
    REQUIRE(latest);
    CHECK(latest->size == 5);
    CHECK(hex(latest->root) == verify(folder).root_hash);
    CHECK(verify_note(*parse_note(latest->note), {signer.key}) == Signed::yes);
    CHECK(std::get<std::uint64_t>(record->values.at(0).second) == 5);
    CHECK(std::get<std::string>(record->values.at(2).second) == latest->note);
    CHECK_FALSE(log.checkpoint());
    log.apply(prepare(log, {*record}));
    append(log, 1);
    CHECK(log.checkpoint());
    const auto all = checkpoints_of(folder);
    REQUIRE(all.size() == 2);
    CHECK(all[0].note == latest->note);
    CHECK(all[1].size == 7);
    const auto verified = verify(folder, known);
    CHECK_FALSE(verified.fault);
    CHECK(verified.checkpoints == 2);
    CHECK(verified.checkpointed == 7);
    CHECK(verified.unconfirmed_since.empty());
}

TEST_CASE("An idle log makes no chain of checkpoints") {
    const TemporaryFolder folder;
    AuditLog log(folder, {{}, signer});
    append(log, 3);
    for (int i = 0; i < 5; ++i)
        if (const auto record = log.checkpoint()) log.apply(prepare(log, {*record}));
    CHECK(checkpoints_of(folder).size() == 1);
    CHECK(log.next() == 4);
}

TEST_CASE("A rotation makes a checkpoint of the file that it ends, told with the next") {
    const TemporaryFolder folder;
    AuditLog log(folder, {{1000, std::chrono::hours(24)}, signer});
    for (const auto& record : some_records(8)) log.apply(prepare(log, {record}));
    REQUIRE(rotated_files(folder).size() == 1);
    const auto latest = latest_checkpoint(folder);
    REQUIRE(latest);
    CHECK(latest->size == first_record(journal::File(folder.log(), O_RDONLY)) - 1);
    CHECK(log.checkpoint());
    CHECK(checkpoints_of(folder).size() == 2);
    CHECK_FALSE(verify(folder, known).fault);
}

TEST_CASE("A torn checkpoint at the end is no fault, and the next one takes its place") {
    const TemporaryFolder folder;
    AuditLog(folder, {{}, signer});
    {
        AuditLog log(folder, {{}, signer});
        append(log, 3);
        log.checkpoint();
        append(log, 3);
        log.sync();
    }
    const auto path = checkpoints_path(folder);
    const auto whole = content(path);
    for (std::size_t cut = 1; cut < whole.size(); ++cut) {
        write(path, whole + whole.substr(0, cut));
        REQUIRE_FALSE(verify(folder, known).fault);
    }
    AuditLog log(folder, {{}, signer});
    log.checkpoint();
    CHECK(content(path).starts_with(whole));
    CHECK(checkpoints_end(folder) == content(path).size());
    CHECK(checkpoints_of(folder).size() == 2);
}

TEST_CASE("A start reads only the end of the checkpoints, however many there are") {
    const TemporaryFolder folder;
    {
        AuditLog log(folder, {{}, signer});
        append(log, 3);
        log.checkpoint();
        log.sync();
    }
    const auto path = checkpoints_path(folder);
    const auto note = content(path);
    std::string many;
    while (many.size() < 3'000'000) many += note;
    write(path, many);
    CHECK(checkpoints_of(folder).size() == many.size() / note.size());

    // Of a size that nobody could read at once.
    constexpr std::uint64_t hole = std::uint64_t{1} << 40;
    fs::resize_file(path, hole);
    {
        std::ofstream file(path, std::ios::app);
        file << many.substr(0, 100 * note.size()) << note.substr(0, note.size() - 1);
    }
    AuditLog log(folder, {{}, signer});
    append(log, 1);
    CHECK(log.checkpoint());
    CHECK(checkpoints_end(folder) == hole + 101 * note.size());
    CHECK(fs::file_size(path) == hole + 101 * note.size());
}

TEST_CASE("What is no checkpoint behind the others is told of by a start") {
    const TemporaryFolder folder;
    for (const std::string text : {"a\n\nb\n\n", "a\n\n\u2014 b\n\n"}) {
        write(checkpoints_path(folder), text);
        CHECK_THAT(error_of([&] {
                       AuditLog log(folder, {{}, signer});
                   }),
                   Contains("offset 0 is not a checkpoint"));
    }
    write(checkpoints_path(folder), "a\n\nb");
    CHECK(checkpoints_end(folder) == 0);
}

TEST_CASE("Nothing is appended to a log of which more was signed than it has") {
    const TemporaryFolder folder;
    const TemporaryFolder copies;
    const auto old = fs::path(copies) / "old";
    {
        AuditLog log(folder, {{}, signer});
        append(log, 3);
        log.sync();
        fs::copy(folder, old);
        append(log, 3);
        log.checkpoint();
    }
    for (const auto* name : {"audit.log", "audit.index", "audit.synced"})
        fs::copy(old / name, fs::path(folder) / name, fs::copy_options::overwrite_existing);
    AuditLog log(folder, {{}, signer});
    CHECK_THAT(error_of([&] { log.sync(); }), Contains("speaks of 6 records, but the log ends at 3"));
}

TEST_CASE("Records after the last checkpoint are counted from, and a key without checkpoints is a fault") {
    const TemporaryFolder folder;
    AuditLog log(folder, {{}, signer});
    append(log, 3);
    CHECK_THAT(verify(folder, known).fault.value().what, Contains("there is no checkpoint"));
    log.checkpoint();
    append(log, 2);
    const auto verified = verify(folder, known);
    CHECK_FALSE(verified.fault);
    CHECK(verified.checkpointed == 3);
    CHECK(verified.unconfirmed_since.ends_with('Z'));
}

TEST_CASE("Verifying with the key while a gateway appends, rotates and signs finds no fault") {
    const TemporaryFolder folder;
    AuditLog log(folder, {{20'000, std::chrono::hours(24)}, signer});
    append(log, 1);
    log.checkpoint();
    std::jthread writer([&](const std::stop_token& stop) {
        while (!stop.stop_requested()) {
            append(log, 20);
            if (const auto record = log.checkpoint()) log.apply(prepare(log, {*record}));
        }
    });
    for (int i = 0; i < 10; ++i) {
        const auto fault = verify(folder, known).fault;
        CAPTURE(fault ? fault->what : "");
        REQUIRE_FALSE(fault);
    }
}

TEST_CASE("Each record is proved by the latest checkpoint, whatever the size of the tree") {
    const TemporaryFolder folder;
    AuditLog log(folder, {{30'000, std::chrono::hours(24)}, signer});
    for (const std::size_t more : {1, 1, 5, 249, 1, 255, 300, 3}) {
        append(log, more);
        log.checkpoint();
        const auto size = log.next();
        for (std::uint64_t record = 1; record <= size; record += 1 + size / 20) {
            CAPTURE(size, record);
            const auto proof = prove(folder, record);
            REQUIRE(proof.path.size() <= 10);
            REQUIRE(fault_of(proof, {signer.key}) == std::nullopt);
            const auto again = parse_proof(to_json(proof));
            REQUIRE(again);
            REQUIRE(fault_of(*again, {signer.key}) == std::nullopt);
            auto other = proof;
            other.path.emplace_back();
            REQUIRE(fault_of(other, {signer.key}));
            REQUIRE(fault_of(proof, {make_signer().key}));
        }
    }
    CHECK_THAT(error_of([&] { prove(folder, log.next() + 1); }), Contains("no checkpoint speaks of record"));
    CHECK_THAT(error_of([&] { prove(folder, 0); }), Contains("no checkpoint speaks of record 0"));
}

TEST_CASE("What is no proof is not read as one") {
    for (const auto* text : {"", "{}", "[1]", "null", "{\"record\":1}"}) CHECK_FALSE(parse_proof(text));
}
