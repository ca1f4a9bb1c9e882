#include "gateway/auditor/window.hpp"

#include "gateway/audit/files.hpp"
#include "gateway/audit/line.hpp"
#include "gateway/auditor/times.hpp"

namespace portcullis::auditor {

namespace {

constexpr std::chrono::hours clocks_differ{1};

std::string begin_time(const std::filesystem::path& log, std::uint64_t first) {
    audit::Reader reader(log, first);
    const auto line = reader.next();
    return line ? std::string(audit::time_text(*line)) : std::string();
}

}  // namespace

Window::Window(const std::filesystem::path& log, const std::string& from, const std::string& to)
    : Window(log, range(log, from, to)) {}

Window::Range Window::range(const std::filesystem::path& log, const std::string& from,
                            const std::string& to) {
    Range range;
    const auto earliest = from.empty() ? from : shifted(from, -clocks_differ);
    const auto latest = to.empty() ? to : shifted(to, clocks_differ);
    for (const auto& file : audit::rotated_files(log)) {
        const auto begins = begin_time(log, file.first);
        if (!earliest.empty() && begins < earliest) range.first = file.first;
        if (!latest.empty() && begins > latest) {
            range.end = file.first;
            break;
        }
    }
    return range;
}

std::optional<std::string_view> Window::next() {
    if (end_ > 0 && reader_.position() >= end_) return std::nullopt;
    return reader_.next();
}

}  // namespace portcullis::auditor
