#include <cmath>
#include <nlohmann/json.hpp>

#include "gateway/assurance/describe.hpp"
#include "gateway/assurance/json.hpp"
#include "gateway/assurance/report.hpp"

namespace portcullis::assurance {

namespace {

using Json = nlohmann::ordered_json;

Json finite(double value) {
    return std::isfinite(value) ? Json(value) : Json(nullptr);
}

Json figure(double value, const Test& test) {
    return {{"value", value}, {"z", finite(test.z)}, {"p", test.p}};
}

Json to_json(const std::optional<Change>& change) {
    if (!change) return nullptr;
    return {{"npcr8", figure(change->words8.npcr, change->npcr8)},
            {"npcr16", figure(change->words16.npcr, change->npcr16)},
            {"uaci8", figure(change->words8.uaci, change->uaci8)},
            {"uaci16", figure(change->words16.uaci, change->uaci16)}};
}

Json to_json(const UnitResult& unit) {
    return {{"number", unit.number},
            {"bytes", unit.size},
            {"entropy_before", unit.entropy_before},
            {"entropy", unit.entropy_after},
            {"chi_square", unit.chi_square_after},
            {"chi_square_p", unit.chi_square ? Json(unit.chi_square->p) : Json(nullptr)},
            {"plaintext_bit", to_json(unit.text)},
            {"codec_key_bit", to_json(unit.codec_key)},
            {"object_key_bit", to_json(unit.object_key)}};
}

Json to_json(const Correlation& correlation) {
    Json r = correlation.r ? Json(*correlation.r) : Json(nullptr);
    return {{"r", std::move(r)}, {"pairs", correlation.pairs}};
}

Json correlations(const ImageResult& image) {
    Json list;
    const char* const names[] = {"horizontal", "vertical", "diagonal"};
    for (std::size_t i = 0; i < directions.size(); ++i)
        if (image.after[i].pairs > 0)
            list[names[i]] = {{"before", to_json(image.before[i])}, {"after", to_json(image.after[i])}};
    return list;
}

Json to_json(const ReportedImage& image) {
    Json units = Json::array();
    for (const auto& unit : image.result.units) units.push_back(to_json(unit));
    return {{"name", image.result.name},
            {"encoding", image.result.encoding},
            {"native", image.result.native},
            {"bytes", image.result.bytes},
            {"correlation_of", image.result.in_raster ? "samples" : "bytes in a row"},
            {"correlation", correlations(image.result)},
            {"units", std::move(units)},
            {"pictures",
             {{"image", image.pictures.image},
              {"cipher", image.pictures.cipher},
              {"histogram_before", image.pictures.histogram_before},
              {"histogram_after", image.pictures.histogram_after}}}};
}

Json to_json(Metric metric, const Tally& tally) {
    return {{"id", text_of(metric).id},
            {"name", text_of(metric).name},
            {"expectation", text_of(metric).expectation},
            {"tests", tally.tests},
            {"mean", tally.tests > 0 ? Json(tally.mean()) : Json(nullptr)},
            {"outliers", tally.outliers},
            {"expected_outliers", tally.expected_outliers},
            {"chance_of_as_many", tally.chance()},
            {"least_p", tally.least_p},
            {"at_expectation", tally.at_expectation()}};
}

Json to_json(const Battery& battery) {
    Json values = Json::array();
    for (const auto& value : battery.values)
        values.push_back({{"test", value.test},
                          {"detail", value.detail},
                          {"p", value.p ? Json(*value.p) : Json(nullptr)}});
    return {{"program", battery.program},
            {"installed", battery.installed},
            {"failures", battery.failures()},
            {"weak", battery.weak()},
            {"expected_weak", battery.expected_weak()},
            {"at_expectation", battery.at_expectation()},
            {"p_values", std::move(values)}};
}

Json describe_codec(const Report& report) {
    Json json = describe(report.codec);
    json["cipher_by_itself"] = is_cipher(report.codec);
    json["key_bits"] = {{"reaching_every_byte", report.key_bits.reaching.size()},
                        {"partial", report.key_bits.partial},
                        {"bytes_of_4096_that_a_partial_one_leaves", report.key_bits.most_left},
                        {"without_effect", report.key_bits.without_effect}};
    return json;
}

}  // namespace

std::string to_json(const Report& report) {
    Json json = {{"what_tests_prove", what_tests_prove},
                 {"claim", what_we_claim},
                 {"what_changed_keys_show", what_changed_keys_show},
                 {"method", how_it_was_done},
                 {"seed", report_seed},
                 {"codec", describe_codec(report)},
                 {"at_expectation", report.at_expectation()},
                 {"deviations", report.deviations()},
                 {"images_from_files", report.files()}};
    for (std::size_t i = 0; i < metric_count; ++i)
        json["metrics"].push_back(to_json(static_cast<Metric>(i), report.tallies.of(static_cast<Metric>(i))));
    json["bench"] = describe(report.bench);
    json["statistics"] = nullptr;
    if (report.batteries)
        for (const auto& battery : *report.batteries) json["statistics"].push_back(to_json(battery));
    json["images"] = Json::array();
    for (const auto& image : report.images) json["images"].push_back(to_json(image));
    json["skipped"] = Json::array();
    for (const auto& skipped : report.skipped)
        json["skipped"].push_back({{"path", skipped.path}, {"why", skipped.why}});
    // A path may hold bytes that are no UTF-8.
    return json.dump(2, ' ', false, Json::error_handler_t::replace) + '\n';
}

}  // namespace portcullis::assurance
