#include "gateway/journal/recovery.hpp"

#include <algorithm>
#include <cstdio>
#include <map>

namespace portcullis::journal {

namespace fs = std::filesystem;

namespace {

constexpr std::string_view suffix = ".journal";
constexpr std::size_t digits = 20;

std::map<std::uint64_t, fs::path> find_segments(const fs::path& folder) {
    std::map<std::uint64_t, fs::path> found;
    for (const auto& entry : fs::directory_iterator(folder)) {
        const std::string name = entry.path().filename();
        const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
        if (name.size() == digits + suffix.size() && name.ends_with(suffix) &&
            std::all_of(name.begin(), name.begin() + digits, is_digit))
            found.emplace(std::stoull(name), entry.path());
    }
    return found;
}

Positions next_of(Sinks sinks) {
    return {sinks.registry.next(), sinks.audit.next()};
}

bool lacks_nothing_before(const Positions& have, const Positions& base) {
    return have.registry >= base.registry && have.audit >= base.audit;
}

void refuse_gap(const fs::path& segment, const Positions& have, const Positions& base) {
    if (lacks_nothing_before(have, base)) return;
    const bool registry = have.registry < base.registry;
    fail(segment, std::string("the journal goes on at ") + (registry ? "registry change " : "audit record ") +
                      std::to_string((registry ? base.registry : base.audit) + 1) + ", but the " +
                      (registry ? "registry" : "audit log") + " ends at " +
                      std::to_string(registry ? have.registry : have.audit) +
                      (registry ? ": restore the newest copy of it, or rebuild it from all files or the "
                                  "whole archive: portcullis registry "
                                  "rebuild"
                                : ": restore the newest copy of it (or, to go on without what is missing, "
                                  "move the journal away)"));
}

// Hands entries to a sink in portions of bounded size.
class Replay {
  public:
    explicit Replay(Sink& sink) : sink_(sink), next_(sink.next()) {}
    void add(Position position, std::string&& payload) {
        if (position < next_) return;
        bytes_ += payload.size();
        portion_.emplace_back(position, std::move(payload));
        if (bytes_ > portion_bytes || portion_.size() > portion_entries) flush();
    }
    void flush() {
        if (!portion_.empty()) sink_.apply(portion_);
        portion_.clear();
        bytes_ = 0;
    }

  private:
    static constexpr std::size_t portion_bytes = std::size_t{1} << 20;
    static constexpr std::size_t portion_entries = 1000;
    Sink& sink_;
    Position next_;
    std::vector<std::pair<Position, std::string>> portion_;
    std::size_t bytes_ = 0;
};

}  // namespace

fs::path segment_path(const fs::path& folder, std::uint64_t number) {
    const std::string text = std::to_string(number);
    return folder / (std::string(digits - text.size(), '0') + text + std::string(suffix));
}

std::optional<Positions> oldest(const fs::path& folder) {
    if (!fs::is_directory(folder)) return std::nullopt;
    const auto segments = find_segments(folder);
    if (segments.empty()) return std::nullopt;
    return SegmentReader(segments.begin()->second).header().base;
}

Recovered recover(const fs::path& folder, Sinks sinks) {
    Recovered recovered;
    recovered.next = next_of(sinks);
    std::vector<SegmentReader> readers;
    for (const auto& [number, path] : find_segments(folder)) {
        recovered.segments.push_back(path);
        recovered.last_segment = number;
        readers.emplace_back(path);
        // What a crash left of segments whose entries were all applied is not looked at.
        if (lacks_nothing_before(recovered.next, readers.back().header().base))
            readers.erase(readers.begin(), readers.end() - 1);
    }
    if (!readers.empty()) refuse_gap(recovered.segments.front(), recovered.next, readers[0].header().base);

    Replay registry(sinks.registry);
    Replay audit(sinks.audit);
    for (std::size_t i = 0; i < readers.size(); ++i) {
        auto& reader = readers[i];
        Positions position = reader.header().base;
        while (auto batch = reader.next())
            for (auto& entry : batch->entries)
                (entry.kind == Kind::registry ? registry : audit)
                    .add(position.of(entry.kind)++, std::move(entry.payload));
        if (i + 1 < readers.size() && reader.end() != readers[i + 1].header().base)
            fail(recovered.segments[recovered.segments.size() - readers.size() + i],
                 "damaged at its end: the next segment goes on later; restore the file");
    }
    registry.flush();
    audit.flush();
    sinks.registry.sync();
    sinks.audit.sync();
    if (!readers.empty()) {
        const Positions& end = readers.back().end();
        recovered.next.registry = std::max(recovered.next.registry, end.registry);
        recovered.next.audit = std::max(recovered.next.audit, end.audit);
    }
    return recovered;
}

}  // namespace portcullis::journal
