#include "gateway/audit/reader.hpp"

#include <nlohmann/json.hpp>

#include "gateway/audit/files.hpp"
#include "gateway/audit/lines.hpp"

namespace portcullis::audit {

struct Reader::Impl {
    Impl(std::filesystem::path folder, std::uint64_t first)
        : files(std::move(folder), first), position(files.begins_with()) {}

    std::optional<std::string_view> next() {
        for (;;) {
            if (const auto line = lines ? lines->next() : std::nullopt) {
                took();
                return line;
            }
            const auto part = files.more(lines ? lines->offset() : 0, position);
            if (!part) return std::nullopt;
            if (part->begin == 0) begin_file(part->file);
            lines.emplace(part->file, part->begin, part->end);
            if (part->end > part->begin) return first_of(*part);
        }
    }

    // A line that is not whole yet may become so, as long as the file is written to.
    std::optional<std::string_view> first_of(const Files::Part& part) {
        const auto line = lines->next();
        if (!line && (!part.active || part.end - part.begin >= max_line_bytes))
            journal::fail(files.path(),
                          "record " + std::to_string(position) + " is torn; see portcullis audit verify");
        if (line) took();
        return line;
    }

    void took() {
        ++position;
        known = true;
    }

    void begin_file(const journal::File& file) {
        const auto first = first_record(file);
        if (known && first > 0 && first != position)
            journal::fail(files.path(), "begins with record " + std::to_string(first) + " where " +
                                            std::to_string(position) +
                                            " should be; see portcullis audit verify");
        if (first > 0) position = first;
    }

    Files files;
    std::optional<LineReader> lines;
    std::uint64_t position;  // of the next line
    bool known = false;      // position: a line was read
};

Reader::Reader(std::filesystem::path folder, std::uint64_t first)
    : impl_(std::make_unique<Impl>(std::move(folder), first)) {
    while (impl_->position < first && next()) {
    }
}
Reader::~Reader() = default;
Reader::Reader(Reader&&) noexcept = default;
Reader& Reader::operator=(Reader&&) noexcept = default;

std::optional<std::string_view> Reader::next() {
    return impl_->next();
}

std::uint64_t Reader::position() const {
    return impl_->position;
}

std::string Logged::text(std::string_view name) const {
    for (const auto& [known, value] : record.values) {
        if (known != name) continue;
        if (const auto* text = std::get_if<std::string>(&value)) return *text;
        if (const auto* number = std::get_if<std::uint64_t>(&value)) return std::to_string(*number);
        return std::get<bool>(value) ? "true" : "false";
    }
    return {};
}

std::optional<Logged> parse(std::string_view line) {
    using Json = nlohmann::ordered_json;
    const auto json = Json::parse(line, nullptr, false);
    if (!json.is_object()) return std::nullopt;
    Logged logged{0, "", Record("", {})};
    for (const auto& [name, value] : json.items()) {
        if (name == "seq" && value.is_number_unsigned())
            logged.seq = value.get<std::uint64_t>();
        else if (name == "time" && value.is_string())
            logged.time = value.get<std::string>();
        else if (name == "event" && value.is_string())
            logged.record.event = value.get<std::string>();
        else if (name == "prev" || name == "hash")
            continue;
        else if (value.is_string())
            logged.record.values.emplace_back(name, value.get<std::string>());
        else if (value.is_number_unsigned())
            logged.record.values.emplace_back(name, value.get<std::uint64_t>());
        else if (value.is_boolean())
            logged.record.values.emplace_back(name, value.get<bool>());
        else
            return std::nullopt;
    }
    if (logged.seq == 0 || logged.time.empty() || logged.record.event.empty()) return std::nullopt;
    return logged;
}

}  // namespace portcullis::audit
