#include "gateway/journal/segment.hpp"

#include <fcntl.h>
#include <sys/random.h>
#include <zlib.h>

#include <algorithm>
#include <cstring>
#include <string_view>

#include "gateway/base/bytes.hpp"

namespace portcullis::journal {

namespace {

constexpr std::string_view magic = "PTCLJRN1";

void put_be32(std::string& out, std::uint32_t value) {
    for (int shift = 24; shift >= 0; shift -= 8) out.push_back(static_cast<char>(value >> shift));
}
void put_be64(std::string& out, std::uint64_t value) {
    put_be32(out, static_cast<std::uint32_t>(value >> 32));
    put_be32(out, static_cast<std::uint32_t>(value));
}
std::uint32_t get_be32(std::string_view bytes, std::size_t offset) {
    return load_be32(as_bytes(bytes.substr(offset, 4)).data());
}
std::uint64_t get_be64(std::string_view bytes, std::size_t offset) {
    return std::uint64_t{get_be32(bytes, offset)} << 32 | get_be32(bytes, offset + 4);
}

std::uint32_t checksum(std::initializer_list<std::string_view> parts) {
    uLong crc = 0;
    for (const auto part : parts) crc = crc32_z(crc, as_bytes(part).data(), part.size());
    return static_cast<std::uint32_t>(crc);
}

std::string encode(const SegmentHeader& header) {
    std::string bytes(magic);
    bytes.append(header.mark.data(), header.mark.size());
    put_be64(bytes, header.base.registry);
    put_be64(bytes, header.base.audit);
    put_be32(bytes, checksum({bytes}));
    return bytes;
}

std::optional<SegmentHeader> decode_header(std::string_view bytes) {
    if (bytes.size() != segment_header_bytes || !bytes.starts_with(magic)) return std::nullopt;
    if (get_be32(bytes, 32) != checksum({bytes.substr(0, 32)})) return std::nullopt;
    SegmentHeader header{{}, {get_be64(bytes, 16), get_be64(bytes, 24)}};
    std::copy_n(bytes.begin() + 8, header.mark.size(), header.mark.begin());
    return header;
}

// Offsets in the header of a batch.
constexpr std::size_t length_at = 8;
constexpr std::size_t checksum_at = 12;
constexpr std::size_t positions_at = 16;

std::uint32_t batch_checksum(std::string_view header, std::string_view body) {
    return checksum({header.substr(positions_at), header.substr(length_at, 4), body});
}

std::optional<std::vector<Entry>> decode_body(std::string_view body) {
    std::vector<Entry> entries;
    while (!body.empty()) {
        if (body.size() < 5) return std::nullopt;
        const auto kind = static_cast<Kind>(body[0]);
        const std::size_t length = get_be32(body, 1);
        if ((kind != Kind::registry && kind != Kind::audit) || length > body.size() - 5) return std::nullopt;
        entries.push_back({kind, std::string(body.substr(5, length))});
        body.remove_prefix(5 + length);
    }
    return entries;
}

}  // namespace

File create_segment(const std::filesystem::path& path, const Positions& base, Mark& mark) {
    if (::getrandom(mark.data(), mark.size(), 0) != static_cast<ssize_t>(mark.size()))
        fail(path, "no random bytes", last_error());
    replace_file(path, encode({mark, base}));
    return File(path, O_WRONLY);
}

BatchWriter::BatchWriter(const Mark& mark, const Positions& first) : bytes_(mark.data(), mark.size()) {
    bytes_.append(8, '\0');
    put_be64(bytes_, first.registry);
    put_be64(bytes_, first.audit);
}

void BatchWriter::add(const Entry& entry) {
    bytes_.push_back(static_cast<char>(entry.kind));
    put_be32(bytes_, static_cast<std::uint32_t>(entry.payload.size()));
    bytes_ += entry.payload;
    ++entries_;
}

const std::string& BatchWriter::finish() {
    std::string field;
    put_be32(field, static_cast<std::uint32_t>(bytes_.size() - batch_header_bytes));
    bytes_.replace(length_at, 4, field);
    field.clear();
    const std::string_view all = bytes_;
    put_be32(field, batch_checksum(all.substr(0, batch_header_bytes), all.substr(batch_header_bytes)));
    bytes_.replace(checksum_at, 4, field);
    return bytes_;
}

SegmentReader::SegmentReader(const std::filesystem::path& path) : path_(path), file_(path, O_RDONLY) {
    std::string bytes(segment_header_bytes, '\0');
    bytes.resize(file_.read_at(0, bytes));
    const auto header = decode_header(bytes);
    if (!header) fail(path, "damaged at offset 0: not the header of a journal segment; restore the file");
    header_ = *header;
    end_ = header->base;
}

std::optional<Batch> SegmentReader::next() {
    std::uint64_t length = 0;
    auto batch = read_batch(offset_, length);
    if (batch && batch->first == end_) {
        offset_ += length;
        for (const auto& entry : batch->entries) ++end_.of(entry.kind);
        return batch;
    }
    if (sound_batch_from(offset_))
        fail(path_, "damaged at offset " + std::to_string(offset_) +
                        ", with sound entries after it; restore the file: starting without these entries "
                        "would lose registry rows and audit records");
    return std::nullopt;
}

std::optional<Batch> SegmentReader::read_batch(std::uint64_t offset, std::uint64_t& length) const {
    std::string header(batch_header_bytes, '\0');
    if (file_.read_at(offset, header) != header.size()) return std::nullopt;
    if (!std::equal(header_.mark.begin(), header_.mark.end(), header.begin())) return std::nullopt;
    const std::size_t body_length = get_be32(header, length_at);
    if (body_length > max_batch_bytes || body_length > file_.size() - offset - header.size())
        return std::nullopt;
    std::string body(body_length, '\0');
    if (file_.read_at(offset + header.size(), body) != body.size()) return std::nullopt;
    if (batch_checksum(header, body) != get_be32(header, checksum_at)) return std::nullopt;
    auto entries = decode_body(body);
    if (!entries) return std::nullopt;
    length = header.size() + body.size();
    const std::string_view view = header;
    return Batch{{get_be64(view, positions_at), get_be64(view, positions_at + 8)}, std::move(*entries)};
}

bool SegmentReader::sound_batch_from(std::uint64_t offset) const {
    constexpr std::size_t window = 1 << 20;
    const std::string_view mark(header_.mark.data(), header_.mark.size());
    std::string bytes(window + mark.size() - 1, '\0');  // overlaps the next by one byte less than a mark
    for (std::uint64_t start = offset;; start += window) {
        const std::string_view seen(bytes.data(), file_.read_at(start, bytes));
        for (auto at = seen.find(mark); at != std::string_view::npos; at = seen.find(mark, at + 1)) {
            std::uint64_t length = 0;
            if (read_batch(start + at, length)) return true;
        }
        if (seen.size() < bytes.size()) return false;
    }
}

}  // namespace portcullis::journal
