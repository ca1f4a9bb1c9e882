#include "gateway/auditor/window.hpp"

#include "gateway/audit/files.hpp"
#include "gateway/audit/line.hpp"
#include "gateway/auditor/times.hpp"

namespace portcullis::auditor {

namespace {

constexpr std::chrono::hours clocks_differ{1};

/// A file of the log, and the time of its first record.
struct Begin {
    std::uint64_t first;
    std::string time;
};

std::string begin_time(const std::filesystem::path& log, std::uint64_t first) {
    audit::Reader reader(log, first);
    const auto line = reader.next();
    return line ? std::string(audit::time_text(*line)) : std::string();
}

std::vector<Begin> begins(const std::filesystem::path& log) {
    std::vector<Begin> all;
    for (const auto& file : audit::all_files(log)) all.push_back({file.first, begin_time(log, file.first)});
    return all;
}

}  // namespace

Window::Window(const std::filesystem::path& log, const std::string& from, const std::string& to)
    : Window(log, range(log, from, to)) {}

// What a file begins with bounds its times only if the clock went on from there to what the next begins with.
Window::Range Window::range(const std::filesystem::path& log, const std::string& from,
                            const std::string& to) {
    Range range;
    const auto earliest = from.empty() ? from : shifted(from, -clocks_differ);
    const auto latest = to.empty() ? to : shifted(to, clocks_differ);
    const auto files = begins(log);
    const auto went_on = [&](std::size_t i) {
        return i + 1 == files.size() || files[i].time <= files[i + 1].time;
    };
    std::size_t first = 0;
    while (first + 1 < files.size() && went_on(first) && files[first + 1].time < earliest) ++first;
    std::size_t end = files.size();
    while (!latest.empty() && end > first && files[end - 1].time > latest && went_on(end - 1)) --end;
    if (first < files.size()) range.first = files[first].first;
    if (end < files.size()) range.end = files[end].first;
    return range;
}

std::optional<std::string_view> Window::next() {
    if (end_ > 0 && reader_.position() >= end_) return std::nullopt;
    return reader_.next();
}

}  // namespace portcullis::auditor
