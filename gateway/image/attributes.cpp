#include "gateway/image/attributes.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include "gateway/image/tags.hpp"

namespace portcullis::image {

namespace {

constexpr std::array recorded_tags = {
    tag::accession_number,    tag::patient_id,        tag::issuer_of_patient_id, tag::study_instance_uid,
    tag::series_instance_uid, tag::image_position,    tag::image_orientation,    tag::laterality,
    tag::pixel_spacing,       tag::rescale_intercept, tag::rescale_slope};

constexpr std::array other_tags = {tag::sop_class_uid,
                                   tag::sop_instance_uid,
                                   tag::modality,
                                   tag::institution_name,
                                   tag::institutional_department_name,
                                   tag::samples_per_pixel,
                                   tag::photometric_interpretation,
                                   tag::number_of_frames,
                                   tag::rows,
                                   tag::columns,
                                   tag::bits_allocated,
                                   tag::bits_stored,
                                   tag::high_bit,
                                   tag::pixel_representation};

/// Of a value that is longer than what is kept of it.
constexpr std::size_t whole_words = longest_value / 8 * 8 + 8;

bool is_recorded(std::uint32_t tag) {
    return std::find(recorded_tags.begin(), recorded_tags.end(), tag) != recorded_tags.end();
}

bool is_read(std::uint32_t tag) {
    if (tag > tag::rescale_slope) return false;
    return is_recorded(tag) || std::find(other_tags.begin(), other_tags.end(), tag) != other_tags.end();
}

std::string_view without_spaces(std::string_view text) {
    text = without_padding(text);
    text.remove_prefix(std::min(text.find_first_not_of(' '), text.size()));
    return text;
}

}  // namespace

std::string_view without_padding(std::string_view value) {
    while (!value.empty() && (value.back() == ' ' || value.back() == '\0')) value.remove_suffix(1);
    return value;
}

void Attributes::begin(const Element& element) {
    identifiers_.described |= element.tag > tag::institutional_department_name;
    identifiers_.complete |= element.tag > tag::series_instance_uid;
    capturing_ = element.form == Form::plain && is_read(element.tag);
    if (capturing_) values_.emplace_back(element.tag, std::string());
    word_ = element.word();
}

void Attributes::value(ByteView part) {
    if (!capturing_) return;
    std::string& kept = values_.back().second;
    kept.append(as_text(part).substr(0, whole_words - kept.size()));
}

void Attributes::end() {
    if (!std::exchange(capturing_, false)) return;
    std::string& kept = values_.back().second;
    swap_words({reinterpret_cast<std::uint8_t*>(kept.data()), kept.size()}, word_);
    kept.resize(std::min(kept.size(), longest_value));
    identify(values_.back().first);
}

void Attributes::identify(std::uint32_t tag) {
    switch (tag) {
        case tag::sop_class_uid:
            identifiers_.sop_class = Uid::parse(text(tag));
            break;
        case tag::sop_instance_uid:
            identifiers_.sop_instance = Uid::parse(text(tag));
            break;
        case tag::modality:
            identifiers_.modality = without_spaces(text(tag));
            break;
        case tag::institution_name:
            identifiers_.institution = text(tag);
            break;
        case tag::institutional_department_name:
            identifiers_.department = text(tag);
            identifiers_.described = true;
            break;
        case tag::patient_id:
            identifiers_.patient_id = text(tag);
            break;
        case tag::study_instance_uid:
            identifiers_.study = Uid::parse(text(tag));
            break;
        case tag::series_instance_uid:
            identifiers_.series = Uid::parse(text(tag));
            identifiers_.complete = true;
            break;
        default:
            break;
    }
}

codec::BoundContext Attributes::bound(const TransferSyntax& syntax) const {
    codec::BoundContext bound;
    bound.rows = us(tag::rows);
    bound.columns = us(tag::columns);
    bound.samples_per_pixel = us(tag::samples_per_pixel);
    const auto photometric = without_spaces(text(tag::photometric_interpretation));
    if (!photometric.empty()) bound.photometric_interpretation = photometric;
    bound.bits_allocated = us(tag::bits_allocated);
    bound.bits_stored = us(tag::bits_stored);
    bound.high_bit = us(tag::high_bit);
    bound.pixel_representation = us(tag::pixel_representation);
    bound.number_of_frames = is(tag::number_of_frames);
    if (syntax.encapsulated) bound.encapsulated_transfer_syntax = syntax.uid.str();
    return bound;
}

codec::RecordedContext Attributes::recorded() const {
    codec::RecordedContext recorded;
    for (const auto& [tag, value] : values_) {
        const auto plain = without_padding(value);
        if (is_recorded(tag) && !plain.empty()) recorded.values.emplace_back(tag, plain);
    }
    return recorded;
}

std::string_view Attributes::text(std::uint32_t tag) const {
    return without_padding(bytes(tag));
}

std::string_view Attributes::bytes(std::uint32_t tag) const {
    const auto found =
        std::find_if(values_.begin(), values_.end(), [tag](const auto& value) { return value.first == tag; });
    return found == values_.end() ? std::string_view() : found->second;
}

std::optional<std::uint16_t> Attributes::us(std::uint32_t tag) const {
    const ByteView value = as_bytes(bytes(tag));
    if (value.size() != 2) return std::nullopt;
    return load_le16(value.data());
}

/// One number in decimal, maybe with a sign and spaces around it (IS, PS3.5 6.2).
std::optional<std::int64_t> Attributes::is(std::uint32_t tag) const {
    auto digits = without_spaces(text(tag));
    if (digits.size() > 1 && digits[0] == '+' && digits[1] != '-') digits.remove_prefix(1);
    std::int64_t number = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
    if (error != std::errc{} || end != digits.data() + digits.size()) return std::nullopt;
    return number;
}

std::vector<std::uint32_t> differing(const codec::RecordedContext& sealed,
                                     const codec::RecordedContext& returned) {
    std::vector<std::uint32_t> tags;
    const auto not_in = [](const codec::RecordedContext& context, const auto& value) {
        return std::find(context.values.begin(), context.values.end(), value) == context.values.end();
    };
    for (const auto& value : sealed.values)
        if (not_in(returned, value)) tags.push_back(value.first);
    for (const auto& value : returned.values)
        if (not_in(sealed, value)) tags.push_back(value.first);
    std::sort(tags.begin(), tags.end());
    tags.erase(std::unique(tags.begin(), tags.end()), tags.end());
    return tags;
}

}  // namespace portcullis::image
