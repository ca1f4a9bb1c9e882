#include "gateway/media/treatment.hpp"

#include "gateway/image/tags.hpp"

namespace portcullis::media {

namespace tag = image::tag;

namespace {

std::vector<Treatment> usual_treatments() {
    using enum Fate;
    return {
        {sealed,
         "pixel data, every frame and fragment, also of icons and other nested images",
         {tag::pixel_data, tag::float_pixel_data, tag::double_float_pixel_data}},
        {sealed,
         "overlays, curves and audio, every group of them",
         {tag::overlay_data, tag::curve_data, tag::audio_data}},
        {sealed,
         "waveforms, spectroscopy and encapsulated documents",
         {tag::waveform_data, tag::spectroscopy_data, tag::encapsulated_document}},
        {sealed, "private values of bulk VRs (OB OW OF OD OL OV UN) from 256 bytes on", {}},
        {changed,
         "smallest and largest pixel values: taken out, in sequences set to zero",
         {tag::smallest_valid_pixel_value, tag::largest_image_pixel_value_in_plane}},
        {changed,
         "histograms: taken out, in sequences set to zero",
         {tag::histogram_sequence, tag::histogram_data}},
        {changed,
         "compression ratio, digital signatures and their parameters: taken out",
         {tag::lossy_image_compression_ratio, tag::digital_signatures_sequence,
          tag::mac_parameters_sequence}},
        {changed, "group lengths from group 0020 on: taken out", {}},
        {changed,
         "native pixels: Bits Stored becomes Bits Allocated, High Bit follows",
         {tag::bits_stored, tag::high_bit}},
        {changed, "Image Comments name the gateway and the envelope", {tag::image_comments}},
        {readable,
         "patient, study and series data, identifiers, dates and texts, reports included",
         {tag::patient_id, tag::accession_number, tag::study_instance_uid}},
        {readable,
         "dimensions, photometric interpretation, position, orientation, spacing, rescale",
         {tag::rows, tag::columns, tag::photometric_interpretation, tag::image_position, tag::pixel_spacing,
          tag::rescale_slope}},
        {readable, "palettes, window values, private values that are short or no bulk", {}},
        {readable, "offset tables and lengths, those of compressed fragments included", {}},
    };
}

void add_configured(std::vector<Treatment>& all, Fate fate, const std::string& key,
                    const NamedValues& values) {
    if (!values.tags.empty()) all.push_back({fate, key + ": values with these tags", values.tags});
    for (const auto& creator : values.creators)
        all.push_back(
            {fate, key + ": private values of bulk VRs, of any length, in blocks of " + creator, {}});
}

}  // namespace

std::string_view name(Fate fate) {
    switch (fate) {
        case Fate::sealed:
            return "sealed";
        case Fate::changed:
            return "changed";
        case Fate::readable:
            return "readable";
    }
    return "unnamed";
}

std::vector<Treatment> treatments(bool mark, const RegionRules& rules) {
    auto all = usual_treatments();
    if (!mark)
        std::erase_if(all, [](const Treatment& one) {
            return one.tags == std::vector<std::uint32_t>{tag::image_comments};
        });
    add_configured(all, Fate::sealed, "seal.regions.also", rules.also);
    add_configured(all, Fate::readable, "seal.regions.never", rules.never);
    return all;
}

}  // namespace portcullis::media
