#include "codec/blob_records.hpp"

#include <algorithm>
#include <set>

#include "codec/envelope.hpp"
#include "codec/path.hpp"

namespace portcullis::codec {

namespace {

using How = Change::How;

/// The other types are those of Change::How.
constexpr std::uint8_t recorded_value = 1;

bool is_vr(std::array<char, 2> vr) {
    return std::ranges::all_of(vr, [](char c) { return c >= 'A' && c <= 'Z'; });
}

/// PS3.5 7.1.2: of what may be taken out, only sequences, of which UN may be one.
bool may_be_undefined(std::array<char, 2> vr) {
    return vr == std::array{'S', 'Q'} || vr == std::array{'U', 'N'};
}

bool is_well_formed(const Change& change) {
    const bool nested = !change.path.within.empty();
    switch (change.how) {
        case How::taken_out:
            return !nested && is_vr(change.vr) && (!change.undefined_length || may_be_undefined(change.vr));
        case How::replaced:
            // Defined lengths around a nested value must hold.
            return !nested || change.original.size() == change.sealed.size();
        case How::added:
            return !nested;
    }
    return false;
}

void write_change(WireWriter& writer, const Change& change) {
    writer.number(static_cast<std::uint8_t>(change.how));
    write_path(writer, change.path);
    if (change.how == How::taken_out) {
        writer.bytes(bytes_of({change.vr.data(), change.vr.size()}));
        writer.number(static_cast<std::uint8_t>(change.undefined_length));
    }
    if (change.how != How::added) writer.field(change.original);
    if (change.how != How::taken_out) writer.field(change.sealed);
}

ByteVector read_value(WireReader& reader) {
    const auto value = reader.bytes(reader.number<std::uint32_t>());
    return {value.begin(), value.end()};
}

Result<Change> read_change(WireReader& reader, How how) {
    Change change{how, {}};
    if (const auto path = read_path(reader, change.path); !path) return path.failure();
    change.path.within.shrink_to_fit();
    if (how == How::taken_out) {
        for (char& letter : change.vr) letter = static_cast<char>(reader.number<std::uint8_t>());
        const auto undefined = reader.number<std::uint8_t>();
        if (undefined > 1) return Failure::malformed;
        change.undefined_length = undefined == 1;
    }
    if (how != How::added) change.original = read_value(reader);
    if (how != How::taken_out) change.sealed = read_value(reader);
    if (!reader.ok() || !is_well_formed(change)) return Failure::malformed;
    return change;
}

Result<void> read_recorded(WireReader& reader, RecordedContext& recorded) {
    if (recorded.values.size() == limits::recorded_values) return Failure::over_limit;
    const auto tag = reader.number<std::uint32_t>();
    const auto value = reader.bytes(reader.number<std::uint32_t>());
    if (!reader.ok()) return Failure::malformed;
    recorded.values.emplace_back(tag, std::string(value.begin(), value.end()));
    return {};
}

}  // namespace

bool are_well_formed(std::span<const Change> changes) {
    std::set<Path> paths;
    return std::ranges::all_of(changes, [&paths](const Change& change) {
        return is_well_formed(change) && paths.insert(change.path).second;
    });
}

ByteVector encode_records(const BlobRecords& records) {
    ByteVector out;
    WireWriter writer(out);
    for (const auto& [tag, value] : records.recorded.values) {
        writer.number(recorded_value);
        writer.number(tag);
        writer.field(bytes_of(value));
    }
    for (const auto& change : records.changes) write_change(writer, change);
    return out;
}

Result<BlobRecords> decode_records(ByteSpan blob) {
    BlobRecords records;
    std::set<Path> paths;
    WireReader reader(blob);
    while (reader.remaining() != 0) {
        const auto type = reader.number<std::uint8_t>();
        if (type == recorded_value) {
            if (const auto read = read_recorded(reader, records.recorded); !read) return read.failure();
            continue;
        }
        const auto how = static_cast<How>(type);
        if (how < How::taken_out || how > How::added) return Failure::unknown_version;
        if (records.changes.size() == limits::changes) return Failure::over_limit;
        auto change = read_change(reader, how);
        if (!change) return change.failure();
        if (!paths.insert(change->path).second) return Failure::malformed;
        records.changes.push_back(std::move(*change));
    }
    return records;
}

}  // namespace portcullis::codec
