#pragma once
// The tags that the gateway knows by name (PS3.6), as group << 16 | element.

#include <cstdint>
#include <string>

#include "codec/object.hpp"

namespace portcullis::image::tag {

inline constexpr std::uint32_t sop_class_uid = 0x00080016;
inline constexpr std::uint32_t sop_instance_uid = 0x00080018;
inline constexpr std::uint32_t accession_number = 0x00080050;
inline constexpr std::uint32_t query_retrieve_level = 0x00080052;
inline constexpr std::uint32_t failed_sop_instance_uid_list = 0x00080058;
inline constexpr std::uint32_t modality = 0x00080060;
inline constexpr std::uint32_t institution_name = 0x00080080;
inline constexpr std::uint32_t institutional_department_name = 0x00081040;
inline constexpr std::uint32_t referenced_sop_instance_uid = 0x00081155;
inline constexpr std::uint32_t transaction_uid = 0x00081195;
inline constexpr std::uint32_t failed_sop_sequence = 0x00081198;
inline constexpr std::uint32_t referenced_sop_sequence = 0x00081199;
inline constexpr std::uint32_t patient_id = 0x00100020;
inline constexpr std::uint32_t issuer_of_patient_id = 0x00100021;
inline constexpr std::uint32_t study_instance_uid = 0x0020000D;
inline constexpr std::uint32_t series_instance_uid = 0x0020000E;
inline constexpr std::uint32_t image_position = 0x00200032;
inline constexpr std::uint32_t image_orientation = 0x00200037;
inline constexpr std::uint32_t laterality = 0x00200060;
inline constexpr std::uint32_t image_comments = 0x00204000;
inline constexpr std::uint32_t image_group_length = 0x00280000;
inline constexpr std::uint32_t samples_per_pixel = 0x00280002;
inline constexpr std::uint32_t photometric_interpretation = 0x00280004;
inline constexpr std::uint32_t planar_configuration = 0x00280006;
inline constexpr std::uint32_t number_of_frames = 0x00280008;
inline constexpr std::uint32_t rows = 0x00280010;
inline constexpr std::uint32_t columns = 0x00280011;
inline constexpr std::uint32_t pixel_spacing = 0x00280030;
inline constexpr std::uint32_t bits_allocated = 0x00280100;
inline constexpr std::uint32_t bits_stored = 0x00280101;
inline constexpr std::uint32_t high_bit = 0x00280102;
inline constexpr std::uint32_t pixel_representation = 0x00280103;
inline constexpr std::uint32_t smallest_valid_pixel_value = 0x00280104;  // and those up to
inline constexpr std::uint32_t largest_image_pixel_value_in_plane = 0x00280111;
inline constexpr std::uint32_t rescale_intercept = 0x00281052;
inline constexpr std::uint32_t rescale_slope = 0x00281053;
inline constexpr std::uint32_t lossy_image_compression_ratio = 0x00282112;
inline constexpr std::uint32_t encapsulated_document = 0x00420011;
inline constexpr std::uint32_t histogram_sequence = 0x00603000;
inline constexpr std::uint32_t histogram_data = 0x00603020;
inline constexpr std::uint32_t mac_parameters_sequence = 0x4FFE0001;
inline constexpr std::uint32_t curve_data = 0x50003000;  // to (50FE,3000), like audio and overlay data
inline constexpr std::uint32_t audio_data = 0x5000200C;
inline constexpr std::uint32_t waveform_data = 0x54001010;
inline constexpr std::uint32_t spectroscopy_data = 0x56000020;
inline constexpr std::uint32_t overlay_data = 0x60003000;
inline constexpr std::uint32_t pixel_group_length = 0x7FE00000;
inline constexpr std::uint32_t extended_offset_table = 0x7FE00001;
inline constexpr std::uint32_t extended_offset_table_lengths = 0x7FE00002;
inline constexpr std::uint32_t float_pixel_data = 0x7FE00008;
inline constexpr std::uint32_t double_float_pixel_data = 0x7FE00009;
inline constexpr std::uint32_t pixel_data = 0x7FE00010;
inline constexpr std::uint32_t digital_signatures_sequence = 0xFFFAFFFA;
inline constexpr std::uint32_t item = 0xFFFEE000;
inline constexpr std::uint32_t item_delimitation = 0xFFFEE00D;
inline constexpr std::uint32_t sequence_delimitation = 0xFFFEE0DD;

/// (gggg,0000), retired: the length of what follows in the group (PS3.5 7.2).
constexpr bool is_group_length(std::uint32_t tag) {
    return (tag & 0xFFFF) == 0;
}

/// "(7FE0,0010)".
std::string name(std::uint32_t tag);
/// "(0088,0200)[1].(7FE0,0010)": items count from 1.
std::string name(const codec::Path&);

}  // namespace portcullis::image::tag
