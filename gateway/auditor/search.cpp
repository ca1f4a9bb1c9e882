#include "gateway/auditor/search.hpp"

#include <stdexcept>

namespace portcullis::auditor {

Search::Search(const std::filesystem::path& log, Conditions conditions,
               std::optional<audit::Identifiers> hidden)
    : lines_(log, conditions.from, conditions.to), matcher_(std::move(conditions), hidden) {}

std::optional<Search::Found> Search::next() {
    while (const auto line = lines_.next()) {
        if (matcher_.is_hidden(*line))
            throw std::runtime_error(
                "the log has identifiers as keyed hashes: give the keyring that has their key, by --config "
                "or "
                "--keyring");
        if (!matcher_.may_match(*line)) continue;
        auto logged = audit::parse(*line);
        if (!logged)
            throw std::runtime_error("line " + std::to_string(lines_.position() - 1) +
                                     " of the log is no record; see portcullis audit verify");
        if (matcher_.matches(*logged)) return Found{*line, std::move(*logged)};
    }
    return std::nullopt;
}

}  // namespace portcullis::auditor
