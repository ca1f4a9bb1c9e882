#pragma once
// An audit log behind a journal, in a folder of the test's own.

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "gateway/audit/reader.hpp"
#include "gateway/audit/scribe.hpp"
#include "gateway/audit/verify.hpp"
#include "tests/support/temporary_folder.hpp"

namespace portcullis::audit {

class TemporaryFolder : public support::TemporaryFolder {
  public:
    operator const std::filesystem::path&() const { return path(); }
    std::filesystem::path log() const { return path() / "audit.log"; }
};

inline std::string content(const std::filesystem::path& path) {
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

inline void write(const std::filesystem::path& path, const std::string& bytes) {
    std::ofstream(path, std::ios::binary) << bytes;
}

/// With line feeds.
inline std::vector<std::string> lines_of(const std::string& text) {
    std::vector<std::string> lines;
    for (std::size_t at = 0; at < text.size();) {
        const auto end = text.find('\n', at);
        const auto length = end == std::string::npos ? text.size() - at : end + 1 - at;
        lines.push_back(text.substr(at, length));
        at += length;
    }
    return lines;
}

/// Entries as the journal would hand them to apply().
using Prepared = std::vector<std::pair<journal::Position, std::string>>;

inline Prepared prepare(AuditLog& log, const std::vector<Record>& records) {
    Prepared prepared;
    for (const auto& record : records) {
        auto payload = Scribe().entry(record).payload;
        const auto position = log.next() + prepared.size();
        log.prepare(payload);
        prepared.emplace_back(position, std::move(payload));
    }
    return prepared;
}

inline std::vector<Record> some_records(std::size_t count, const std::string& root = "1.2.") {
    std::vector<Record> records;
    for (std::size_t i = 0; i < count; ++i)
        records.push_back(
            {"store", {{"sop_instance", root + std::to_string(i)}, {"status", std::uint64_t{0}}}});
    return records;
}

inline constexpr Rotation each_thousand_bytes{1000, std::chrono::hours(24)};

/// Nothing is kept back: each record is applied alone.
inline void append_each(AuditLog& log, std::size_t records) {
    for (const auto& record : some_records(records)) log.apply(prepare(log, {record}));
}

/// The numbers of the records that a reader finds.
inline std::vector<std::uint64_t> numbers(Reader& reader) {
    std::vector<std::uint64_t> all;
    while (const auto line = reader.next()) all.push_back(parse(*line).value().seq);
    return all;
}

inline std::vector<std::uint64_t> from_to(std::uint64_t from, std::uint64_t to) {
    std::vector<std::uint64_t> all;
    while (from <= to) all.push_back(from++);
    return all;
}

/// "" if nothing was thrown.
template <class Action>
std::string error_of(Action action) {
    try {
        action();
    } catch (const std::runtime_error& error) {
        return error.what();
    }
    return {};
}

}  // namespace portcullis::audit
