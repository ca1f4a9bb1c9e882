#include "gateway/registry/change.hpp"

#include <stdexcept>

namespace portcullis::registry {

namespace {

// Type (1 byte), then the fields in the order of the structs; numbers are 8 bytes big-endian, texts have
// their length before them.
enum class Type : char {
    put = 'P',
    outcome = 'O',
    asked = 'A',
    asked_by_no_peer = 'C',  // of earlier versions, which did not write the peer
};

class Writer {
  public:
    explicit Writer(Type type) : bytes_(1, static_cast<char>(type)) {}
    Writer& number(std::uint64_t value) {
        for (int shift = 56; shift >= 0; shift -= 8) bytes_.push_back(static_cast<char>(value >> shift));
        return *this;
    }
    Writer& text(std::string_view value) {
        number(value.size());
        bytes_ += value;
        return *this;
    }
    std::string take() { return std::move(bytes_); }

  private:
    std::string bytes_;
};

[[noreturn]] void malformed() {
    throw std::runtime_error("registry: malformed entry in the journal");
}

class Reader {
  public:
    explicit Reader(std::string_view bytes) : rest_(bytes) {}
    std::uint64_t number() {
        std::uint64_t value = 0;
        for (const char c : take(8)) value = value << 8 | static_cast<std::uint8_t>(c);
        return value;
    }
    std::string text() { return std::string(take(number())); }
    Uid uid() {
        const auto uid = Uid::parse(text());
        if (!uid) malformed();
        return *uid;
    }
    AeTitle title() {
        const auto title = AeTitle::parse(text());
        if (!title) malformed();
        return *title;
    }
    IpAddress address() {
        const auto address = IpAddress::parse(text());
        if (!address) malformed();
        return *address;
    }
    State state() {
        const auto value = number();
        if (value > static_cast<std::uint64_t>(State::refused)) malformed();
        return static_cast<State>(value);
    }
    std::string_view take(std::uint64_t length) {
        if (length > rest_.size()) malformed();
        const auto taken = rest_.substr(0, length);
        rest_.remove_prefix(length);
        return taken;
    }
    void end() const {
        if (!rest_.empty()) malformed();
    }

  private:
    std::string_view rest_;
};

Row read_row(Reader& reader) {
    std::string archive = reader.text();
    Uid sop_class = reader.uid();
    Uid sop_instance = reader.uid();
    Row row{std::move(archive), std::move(sop_class), std::move(sop_instance), {}, {}, {}, {}, {}, {}, 0};
    row.study = reader.text();
    row.series = reader.text();
    row.patient_id = reader.text();
    row.transfer_syntax = reader.text();
    row.envelope_id = reader.text();
    const auto envelope = as_bytes(reader.take(reader.number()));
    row.envelope.assign(envelope.begin(), envelope.end());
    row.time_ms = reader.number();
    return row;
}

Outcome read_outcome(Reader& reader) {
    Outcome outcome;
    outcome.sop_instance = reader.text();
    outcome.time_ms = reader.number();
    outcome.envelope_id = reader.text();
    outcome.state = reader.state();
    return outcome;
}

Commitment read_commitment(Reader& reader, bool with_peer) {
    Uid transaction = reader.uid();
    std::string archive = reader.text();
    AeTitle scanner = reader.title();
    AeTitle called = reader.title();
    AeTitle known_as = reader.title();
    const IpAddress address = reader.address();
    const std::uint64_t time_ms = reader.number();
    return {std::move(transaction),
            std::move(archive),
            std::move(scanner),
            std::move(called),
            std::move(known_as),
            address,
            time_ms,
            with_peer ? reader.text() : ""};
}

Change read(Type type, Reader& reader) {
    switch (type) {
        case Type::put:
            return read_row(reader);
        case Type::outcome:
            return read_outcome(reader);
        case Type::asked:
            return read_commitment(reader, true);
        case Type::asked_by_no_peer:
            return read_commitment(reader, false);
    }
    malformed();
}

}  // namespace

journal::Entry put(const Row& row) {
    Writer writer(Type::put);
    writer.text(row.archive).text(row.sop_class.str()).text(row.sop_instance.str());
    writer.text(row.study).text(row.series).text(row.patient_id).text(row.transfer_syntax);
    writer.text(row.envelope_id).text(as_text(row.envelope)).number(row.time_ms);
    return {journal::Kind::registry, writer.take()};
}

journal::Entry outcome(const Uid& sop_instance, std::uint64_t time_ms, const std::string& envelope_id,
                       State state) {
    Writer writer(Type::outcome);
    writer.text(sop_instance.str()).number(time_ms).text(envelope_id);
    writer.number(static_cast<std::uint64_t>(state));
    return {journal::Kind::registry, writer.take()};
}

journal::Entry asked(const Commitment& commitment) {
    Writer writer(Type::asked);
    writer.text(commitment.transaction.str()).text(commitment.archive).text(commitment.scanner.str());
    writer.text(commitment.called.str()).text(commitment.known_as.str()).text(commitment.address.str());
    writer.number(commitment.time_ms).text(commitment.peer);
    return {journal::Kind::registry, writer.take()};
}

Change decode(std::string_view payload) {
    Reader reader(payload);
    const auto type = static_cast<Type>(reader.take(1)[0]);
    Change change = read(type, reader);
    reader.end();
    return change;
}

bool is_of(const Change& change, const std::string& sop_instance) {
    if (const auto* row = std::get_if<Row>(&change)) return row->sop_instance.str() == sop_instance;
    const auto* outcome = std::get_if<Outcome>(&change);
    return outcome && outcome->sop_instance == sop_instance;
}

}  // namespace portcullis::registry
