#include "gateway/audit/reader.hpp"

#include <fcntl.h>

#include <nlohmann/json.hpp>

#include "gateway/audit/line.hpp"
#include "gateway/audit/lines.hpp"
#include "gateway/audit/size_lock.hpp"
#include "gateway/journal/file.hpp"

namespace portcullis::audit {

struct Reader::Impl {
    explicit Impl(const std::filesystem::path& folder) : log(log_path(folder), O_RDONLY) {}

    std::optional<std::string_view> next() {
        for (bool looked = false;; looked = true) {
            if (lines)
                if (const auto line = lines->next()) return line;
            if (looked) return std::nullopt;
            const auto offset = lines ? lines->offset() : 0;
            lines.emplace(log, offset, whole_size(log));
        }
    }

    const journal::File log;
    std::optional<LineReader> lines;
    std::uint64_t position = 1;
};

Reader::Reader(std::filesystem::path folder, std::uint64_t first) : impl_(std::make_unique<Impl>(folder)) {
    while (impl_->position < first && next()) {
    }
}
Reader::~Reader() = default;
Reader::Reader(Reader&&) noexcept = default;
Reader& Reader::operator=(Reader&&) noexcept = default;

std::optional<std::string_view> Reader::next() {
    const auto line = impl_->next();
    if (line) ++impl_->position;
    return line;
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
