// codec list, bench and report.

#include <algorithm>
#include <iomanip>
#include <optional>
#include <ostream>
#include <sstream>

#include "gateway/assurance/bench.hpp"
#include "gateway/assurance/describe.hpp"
#include "gateway/assurance/json.hpp"
#include "gateway/assurance/report.hpp"
#include "gateway/base/counted.hpp"
#include "gateway/cli_commands.hpp"
#include "gateway/cli_json.hpp"
#include "gateway/cli_progress.hpp"

namespace portcullis::cli {

namespace {

namespace fs = std::filesystem;

/// The built-in codecs, or those of a configuration and what it says of them.
class Known {
  public:
    explicit Known(const fs::path& config) {
        if (!config.empty()) configured_ = load_codecs(read_settings(config));
    }
    const codec::Catalogue& all() const {
        return configured_ ? configured_->known : codec::Catalogue::built_in();
    }
    bool configured() const { return configured_.has_value(); }
    bool seals(const codec::Codec& codec) const {
        return configured_ && configured_->sealing && configured_->sealing->id == codec.id;
    }
    bool may_be_opened(const codec::Codec& codec) const {
        return configured_ && configured_->allowed.find(codec.id, codec.version);
    }
    /// The one of this id; without an id the one that seals, or rabbit-siv.
    const codec::Codec* chosen(const std::string& id) const {
        if (!id.empty()) return all().find(id);
        return configured_ ? configured_->sealing : all().find("rabbit-siv");
    }

  private:
    std::optional<Codecs> configured_;
};

Json describe(const Known& known, const codec::Codec& codec) {
    Json json = assurance::describe(codec);
    if (known.configured()) {
        json["seals"] = known.seals(codec);
        json["may_be_opened"] = known.may_be_opened(codec);
    }
    return json;
}

std::string padded(std::string text, std::size_t width) {
    text.resize(std::max(width, text.size()), ' ');
    return text;
}

std::string fixed(double value, int digits) {
    std::ostringstream text;
    text << std::fixed << std::setprecision(digits) << value;
    return text.str();
}

void print_for_people(const Terminal& terminal, const assurance::Bench& bench) {
    terminal.out << padded("", 32) << "   unit     GB/s   to AES-256-GCM\n";
    for (const auto& speed : bench.speeds)
        terminal.out << padded(speed.what, 32) << std::setw(4) << speed.unit / 1024 << " KiB" << std::setw(8)
                     << fixed(speed.gigabytes, 2) << std::setw(10) << fixed(speed.ratio, 2) << '\n';
    for (const auto& image : bench.images)
        terminal.out << "a 512x512 image of 16 bits, " << image.codec
                     << " in aes-256-gcm: " << fixed(image.milliseconds, 2) << " ms\n";
}

void print_for_people(const Terminal& terminal, const assurance::Report& report, const fs::path& page) {
    for (std::size_t i = 0; i < assurance::metric_count; ++i) {
        const auto metric = static_cast<assurance::Metric>(i);
        const auto& tally = report.tallies.of(metric);
        terminal.out << padded(assurance::text_of(metric).name, 36) << std::setw(6) << tally.tests
                     << " results, " << std::setw(3) << tally.outliers << " outliers ("
                     << fixed(tally.expected_outliers, 2) << " by chance)"
                     << (tally.at_expectation() ? "" : "  NOT at expectation") << '\n';
    }
    for (const auto& battery : report.batteries.value_or(std::vector<assurance::Battery>{}))
        terminal.out << padded(battery.program, 36)
                     << (battery.installed ? std::to_string(battery.values.size()) + " p-values, " +
                                                 std::to_string(battery.failures()) + " failures, " +
                                                 std::to_string(battery.weak()) + " weak (" +
                                                 fixed(battery.expected_weak(), 2) + " by chance)"
                                           : "not installed")
                     << '\n';
    terminal.out << report.codec.id << ": " << counted(report.files(), "image") << " judged, "
                 << counted(report.skipped.size(), "file") << " left out; " << page.string() << '\n';
}

std::string joined(const std::vector<std::string>& parts) {
    std::string text;
    for (const auto& part : parts) text += (text.empty() ? "" : ", ") + part;
    return text;
}

}  // namespace

int codec_list(const Terminal& terminal, const fs::path& config) {
    const Known known(config);
    Json list = Json::array();
    for (const auto& [id, codec] : known.all().all()) {
        list.push_back(describe(known, codec));
        if (terminal.json) continue;
        terminal.out << padded(id, 20) << "version " << padded(std::to_string(codec.version), 4)
                     << std::setw(5) << codec.key_length << " bytes of key  " << assurance::origin(codec);
        if (const auto name = assurance::implementation(codec); !name.empty()) terminal.out << ", " << name;
        if (known.may_be_opened(codec)) terminal.out << "  may be opened";
        if (known.seals(codec)) terminal.out << "  seals";
        terminal.out << '\n';
    }
    if (terminal.json) print(terminal, {{"codecs", list}});
    return done;
}

int codec_bench(const Terminal& terminal, const fs::path& config, double seconds) {
    const Known known(config);
    std::vector<const codec::Codec*> codecs;
    for (const auto& [id, codec] : known.all().all()) codecs.push_back(&codec);
    Progress progress(terminal);
    const auto bench = assurance::run_bench(codecs, seconds, [&](int round, int of) {
        progress.say("round " + std::to_string(round) + " of " + std::to_string(of));
    });
    progress.say("");
    if (terminal.json)
        print(terminal, assurance::describe(bench));
    else
        print_for_people(terminal, bench);
    return done;
}

int codec_report(const Terminal& terminal, const CodecReport& wanted) {
    const Known known(wanted.config);
    const codec::Codec* codec = known.chosen(wanted.codec);
    if (!codec) {
        terminal.complain("codec '" + wanted.codec +
                          "' is not known; portcullis codec list names those that are");
        return wrong_usage;
    }
    for (const auto& path : wanted.paths) {
        if (fs::exists(path)) continue;
        terminal.complain(path.string() + ": no such file or folder; name DICOM files or folders with some");
        return wrong_usage;
    }
    Progress progress(terminal);
    assurance::ReportRequest request;
    request.paths = wanted.paths;
    request.output = wanted.output;
    request.statistics = wanted.statistics;
    request.progress = [&](const std::string& what) { progress.say(what); };
    const auto report = assurance::make_report(*codec, request);
    progress.say("");
    const auto page = wanted.output / "report.html";
    if (terminal.json)
        terminal.out << assurance::to_json(report);
    else
        print_for_people(terminal, report, page);
    if (report.at_expectation()) return done;
    terminal.complain("codec " + codec->id + ": not at expectation: " + joined(report.deviations()) +
                      "; see " + page.string());
    return failed;
}

}  // namespace portcullis::cli
