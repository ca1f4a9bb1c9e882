#include <algorithm>
#include <cmath>
#include <cstdio>
#include <filesystem>

#include "gateway/assurance/describe.hpp"
#include "gateway/assurance/report.hpp"
#include "gateway/base/counted.hpp"
#include "gateway/base/html.hpp"

namespace portcullis::assurance {

namespace {

constexpr const char* head = R"(<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>Assurance report</title><style>
body { font: 15px/1.45 sans-serif; max-width: 75em; margin: 2em auto; padding: 0 1em; color: #222 }
table { border-collapse: collapse; margin: .5em 0 1.5em }
th, td { border: 1px solid #ccc; padding: .25em .6em; text-align: left; vertical-align: top }
th { background: #f2f2f2 } .n { text-align: right; font-variant-numeric: tabular-nums }
.good { color: #17692b } .bad { color: #b00020; font-weight: bold } .said { border-left: 4px solid #888; padding-left: 1em }
img { max-width: 14em; max-height: 14em; image-rendering: pixelated; border: 1px solid #ddd } .small { font-size: 13px }
</style></head><body>
)";

std::string number(double value, int digits) {
    char text[64];
    std::snprintf(text, sizeof text, "%.*f", digits, value);
    return text;
}
/// A chance, which may be very small.
std::string chance(double p) {
    char text[64];
    std::snprintf(text, sizeof text, "%.2g", p);
    return text;
}

std::string cell(const std::string& text) {
    return "<td>" + html_escaped(text) + "</td>";
}
std::string figure_cell(const std::string& text) {
    return "<td class=\"n\">" + text + "</td>";
}
std::string verdict_cell(bool good) {
    return good ? "<td class=\"good\">at expectation</td>" : "<td class=\"bad\">NOT at expectation</td>";
}
std::string header_row(std::initializer_list<const char*> names) {
    std::string row = "<tr>";
    for (const char* name : names) row += std::string("<th>") + name + "</th>";
    return row + "</tr>\n";
}

std::string key_of(const Report& report) {
    const KeyBits& bits = report.key_bits;
    return counted(report.codec.key_length, "byte") +
           " of the codec's key: " + counted(bits.reaching.size(), "bit") +
           " whose change reaches every byte of a unit, " + std::to_string(bits.partial) +
           " that leave some bytes as they were (at most " + std::to_string(bits.most_left) + " of " +
           std::to_string(probe_size) + "), " + std::to_string(bits.without_effect) + " without effect.";
}

std::string opening(const Report& report) {
    const std::string id = html_escaped(report.codec.id);
    std::string html = "<h1>Assurance report: codec " + id + "</h1>\n<p class=\"said\"><b>" +
                       what_tests_prove + "</b></p>\n<p class=\"said\">" + what_we_claim + "</p>\n";
    if (!is_cipher(report.codec))
        html +=
            "<p class=\"bad\">" + id +
            " is no cipher by itself: it leaves the pixels as they are to AES-256-GCM, which alone protects "
            "them. The figures below are those of the images.</p>\n";
    html += "<p>Version " + std::to_string(report.codec.version) + ", " + html_escaped(origin(report.codec));
    if (const auto name = implementation(report.codec); !name.empty())
        html += ", " + name + " implementation";
    html += ". " + key_of(report) + " Judged on " + counted(report.files(), "image") + " from files and " +
            counted(report.images.size() - report.files(), "degenerate image") + ".</p>\n";
    return html + (report.at_expectation() ? "<h2 class=\"good\">At expectation in every metric</h2>\n"
                                           : "<h2 class=\"bad\">NOT at expectation</h2>\n");
}

std::string mean_of(Metric metric, const Tally& tally) {
    if (tally.tests == 0) return "not judged";
    switch (metric) {
        case Metric::entropy:
            return number(tally.mean(), 5);
        case Metric::chi_square:
            return number(tally.mean(), 1);
        case Metric::correlation:
            return number(tally.mean(), 6);
        case Metric::key_bits:
            return number(tally.mean(), 0);
        default:
            return number(100 * tally.mean(), 5) + " %";
    }
}

std::string metrics(const Report& report) {
    std::string html = "<table>" + header_row({"metric", "expectation", "mean", "results", "outliers",
                                               "by chance", "chance of as many", "rarest result", ""});
    for (std::size_t i = 0; i < metric_count; ++i) {
        const auto metric = static_cast<Metric>(i);
        const Tally& tally = report.tallies.of(metric);
        html += "<tr>" + cell(text_of(metric).name) + cell(text_of(metric).expectation) +
                figure_cell(mean_of(metric, tally)) + figure_cell(std::to_string(tally.tests)) +
                figure_cell(std::to_string(tally.outliers)) +
                figure_cell(number(tally.expected_outliers, 2)) + figure_cell(chance(tally.chance())) +
                figure_cell("p = " + chance(tally.least_p)) + verdict_cell(tally.at_expectation()) +
                "</tr>\n";
    }
    return html + "</table>\n<p>" + what_changed_keys_show + "</p>\n<p class=\"small\">" + how_it_was_done +
           " Seed " + std::to_string(report_seed) + ".</p>\n";
}

std::string speeds(const Report& report) {
    std::string html = "<h2>Speed</h2>\n<p>One thread, all in one run and in turns.</p>\n<table>" +
                       header_row({"what", "unit", "GB/s", "to AES-256-GCM"});
    for (const auto& speed : report.bench.speeds)
        html += "<tr>" + cell(speed.what) + figure_cell(std::to_string(speed.unit / 1024) + " KiB") +
                figure_cell(number(speed.gigabytes, 2)) + figure_cell(number(speed.ratio, 2)) + "</tr>\n";
    html += "</table>\n";
    for (const auto& image : report.bench.images)
        html += "<p>A 512x512 image of 16 bits is sealed in " + number(image.milliseconds, 2) + " ms.</p>\n";
    return html;
}

std::string statistics(const Report& report) {
    if (!report.batteries) return "";
    std::string html =
        "<h2>Statistics by others</h2>\n<p>On what the codec makes of units of zeros, numbered on, under one "
        "key; at most 1 GiB for each test. A p-value nearer than 0.000001 to 0 or 1 fails, one nearer than "
        "0.005 is weak: one in a hundred is, by chance.</p>\n";
    for (const auto& battery : *report.batteries) {
        html += "<h3>" + battery.program + "</h3>\n";
        if (!battery.installed) {
            html += "<p>not installed</p>\n";
            continue;
        }
        html += "<p>" + counted(battery.values.size(), "p-value") + ": " +
                counted(battery.failures(), "failure") + ", " + std::to_string(battery.weak()) + " weak (" +
                number(battery.expected_weak(), 2) + " by chance)</p>\n<table>" +
                header_row({"test", "", "p"}) + "";
        for (const auto& value : battery.values)
            html += "<tr>" + cell(value.test) + cell(value.detail) +
                    figure_cell(value.p ? number(*value.p, 8) : "came to no end") + "</tr>\n";
        html += "</table>\n";
    }
    return html;
}

std::string picture(const std::string& file, const char* what) {
    return file.empty() ? "<td>not drawn</td>" : "<td><img src=\"" + file + "\" alt=\"" + what + "\"></td>";
}

/// Mean over the judged units of an image, and the result furthest out.
class Summary {
  public:
    void add(double value, double weight, double z) {
        sum_ += value * weight;
        weight_ += weight;
        if (std::abs(z) > std::abs(furthest_)) furthest_ = z;
    }
    std::string percent() const {
        if (weight_ == 0) return "<td>not judged</td><td></td>";
        return figure_cell(number(100 * sum_ / weight_, 4) + " %") + figure_cell(number(furthest_, 2));
    }

  private:
    double sum_ = 0, weight_ = 0, furthest_ = 0;
};

std::string changes(const ImageResult& image, std::optional<Change> UnitResult::*which, const char* what) {
    Summary npcr8, npcr16, uaci8, uaci16;
    for (const auto& unit : image.units) {
        if (!(unit.*which)) continue;
        const Change& change = *(unit.*which);
        const auto words8 = static_cast<double>(change.words8.words);
        const auto words16 = static_cast<double>(change.words16.words);
        npcr8.add(change.words8.npcr, words8, change.npcr8.z);
        uaci8.add(change.words8.uaci, words8, change.uaci8.z);
        npcr16.add(change.words16.npcr, words16, change.npcr16.z);
        uaci16.add(change.words16.uaci, words16, change.uaci16.z);
    }
    const auto row = [what](const std::string& name, double expected, const Summary& found) {
        return "<tr>" + cell(name + ", " + what) + figure_cell(number(100 * expected, 4) + " %") +
               found.percent() + "</tr>\n";
    };
    return row("NPCR, 8 bits", npcr_expected(8), npcr8) + row("NPCR, 16 bits", npcr_expected(16), npcr16) +
           row("UACI, 8 bits", uaci_expected(8), uaci8) + row("UACI, 16 bits", uaci_expected(16), uaci16);
}

std::string correlation_row(const ImageResult& image, std::size_t i) {
    const char* const names[] = {"horizontally", "vertically", "diagonally"};
    const auto r = [](const Correlation& found) {
        return found.r ? number(*found.r, 4) : std::string("constant");
    };
    const auto& after = image.after[i];
    if (after.pairs == 0) return "";
    const double root = std::sqrt(static_cast<double>(after.pairs));
    return "<tr>" + cell(std::string("correlation ") + names[i]) +
           figure_cell("&plusmn;" + number(4 / root, 4)) +
           figure_cell(r(image.before[i]) + " &rarr; " + r(after)) +
           figure_cell(after.r && after.pairs >= least_pairs ? number(*after.r * root, 2) : "not judged") +
           "</tr>\n";
}

std::string figures(const ImageResult& image) {
    double furthest = 0;
    std::size_t judged = 0;
    for (const auto& unit : image.units) {
        if (!unit.chi_square) continue;
        ++judged;
        if (std::abs(unit.chi_square->z) > std::abs(furthest)) furthest = unit.chi_square->z;
    }
    std::string html =
        "<table class=\"small\">" + header_row({"metric", "expectation", "found", "z"}) + "<tr>" +
        cell("entropy of a byte") + figure_cell("8") +
        figure_cell(number(entropy(image.histogram_before), 4) + " &rarr; " +
                    number(entropy(image.histogram_after), 4)) +
        "<td></td></tr>\n<tr>" + cell("chi-square of the units") + figure_cell("255") +
        figure_cell(image.units.size() == 1 ? number(image.units[0].chi_square_after, 1) : "") +
        figure_cell(judged > 0 ? number(furthest, 2) : "not judged") + "</tr>\n";
    for (std::size_t i = 0; i < directions.size(); ++i) html += correlation_row(image, i);
    return html + changes(image, &UnitResult::text, "plaintext bit") +
           changes(image, &UnitResult::codec_key, "codec key bit") +
           changes(image, &UnitResult::object_key, "object key bit") + "</table>";
}

std::string images(const Report& report) {
    std::string html =
        "<h2>Images</h2>\n<p>z: standard errors from the expectation; of several units the one "
        "that is furthest out.</p>\n";
    for (const auto& image : report.images) {
        html += "<h3>" + html_escaped(std::filesystem::path(image.result.name).filename().string()) +
                "</h3>\n<p class=\"small\">" + html_escaped(image.result.name) + "; " +
                html_escaped(image.result.encoding) + "; " + std::to_string(image.result.bytes) +
                " bytes in " + counted(image.result.units.size(), "unit") + "</p>\n<table>" +
                header_row({"image", "cipher image", "bytes before", "bytes after"}) + "<tr>" +
                picture(image.pictures.image, "image") + picture(image.pictures.cipher, "cipher image") +
                picture(image.pictures.histogram_before, "histogram before") +
                picture(image.pictures.histogram_after, "histogram after") + "</tr></table>\n" +
                figures(image.result) + "\n";
    }
    return html;
}

std::string skipped(const Report& report) {
    std::string html = "<h2>Not judged</h2>\n";
    if (report.skipped.empty()) return html + "<p>Nothing was left out.</p>\n";
    html += "<table>" + header_row({"file", "why"});
    for (const auto& file : report.skipped) html += "<tr>" + cell(file.path) + cell(file.why) + "</tr>\n";
    return html + "</table>\n";
}

}  // namespace

std::string to_html(const Report& report) {
    return head + opening(report) + metrics(report) + speeds(report) + statistics(report) + images(report) +
           skipped(report) + "</body></html>\n";
}

}  // namespace portcullis::assurance
