#pragma once
// The tags that the gateway knows by name (PS3.6), as group << 16 | element.

#include <cstdint>
#include <string>

namespace portcullis::image::tag {

inline constexpr std::uint32_t sop_class_uid = 0x00080016;
inline constexpr std::uint32_t sop_instance_uid = 0x00080018;
inline constexpr std::uint32_t accession_number = 0x00080050;
inline constexpr std::uint32_t query_retrieve_level = 0x00080052;
inline constexpr std::uint32_t failed_sop_instance_uid_list = 0x00080058;
inline constexpr std::uint32_t patient_id = 0x00100020;
inline constexpr std::uint32_t issuer_of_patient_id = 0x00100021;
inline constexpr std::uint32_t study_instance_uid = 0x0020000D;
inline constexpr std::uint32_t series_instance_uid = 0x0020000E;
inline constexpr std::uint32_t image_position = 0x00200032;
inline constexpr std::uint32_t image_orientation = 0x00200037;
inline constexpr std::uint32_t laterality = 0x00200060;
inline constexpr std::uint32_t samples_per_pixel = 0x00280002;
inline constexpr std::uint32_t photometric_interpretation = 0x00280004;
inline constexpr std::uint32_t number_of_frames = 0x00280008;
inline constexpr std::uint32_t rows = 0x00280010;
inline constexpr std::uint32_t columns = 0x00280011;
inline constexpr std::uint32_t pixel_spacing = 0x00280030;
inline constexpr std::uint32_t bits_allocated = 0x00280100;
inline constexpr std::uint32_t bits_stored = 0x00280101;
inline constexpr std::uint32_t high_bit = 0x00280102;
inline constexpr std::uint32_t pixel_representation = 0x00280103;
inline constexpr std::uint32_t rescale_intercept = 0x00281052;
inline constexpr std::uint32_t rescale_slope = 0x00281053;
inline constexpr std::uint32_t float_pixel_data = 0x7FE00008;
inline constexpr std::uint32_t double_float_pixel_data = 0x7FE00009;
inline constexpr std::uint32_t pixel_data = 0x7FE00010;
inline constexpr std::uint32_t item = 0xFFFEE000;
inline constexpr std::uint32_t item_delimitation = 0xFFFEE00D;
inline constexpr std::uint32_t sequence_delimitation = 0xFFFEE0DD;

/// "(7FE0,0010)".
std::string name(std::uint32_t tag);

}  // namespace portcullis::image::tag
