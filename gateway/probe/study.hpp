#pragma once
// The synthetic study that is sent: clearly a test, of nobody, with everything in it that archives are known
// to change.

#include <string>
#include <vector>

#include "gateway/scu/store.hpp"

namespace portcullis::probe {

inline constexpr std::string_view patient_name = "PORTCULLIS^PROBE";
inline constexpr std::string_view image_comments = "PORTCULLIS PROBE: SYNTHETIC TEST IMAGE, PLEASE DELETE";

inline constexpr auto secondary_capture = "1.2.840.10008.5.1.4.1.1.7";  // Secondary Capture Image Storage

/// What names the study; UIDs under 2.25 (PS3.5 B.2), made anew for each study.
struct StudyNames {
    std::string patient_id;
    Uid study;
    Uid series;
};
StudyNames make_names();
/// 2.25 and a random number of 128 bits.
Uid make_uid();

struct Specimen {
    std::string name;  // of its transfer syntax, for people
    scu::Object object;
};

/// One object in each transfer syntax that is tried, numbered from `first` on: Implicit and Explicit VR
/// Little Endian, Explicit VR Big Endian, and those of codestreams(); and one of 8 bits, which some archives
/// compress though they leave those of 16 alone.
std::vector<Specimen> make_specimens(const StudyNames&, unsigned first);

// Where the specimens have what, besides the usual.
inline constexpr std::uint32_t private_creator = 0x00090010;
inline constexpr std::uint32_t private_text = 0x00091001;   // LO
inline constexpr std::uint32_t private_bytes = 0x00091002;  // OB
inline constexpr std::uint32_t trailing_creator = 0x7FE10010;
inline constexpr std::uint32_t trailing_bytes = 0x7FE11001;  // OB, behind Pixel Data
inline constexpr std::uint32_t trailing_padding = 0xFFFCFFFC;
inline constexpr std::uint32_t instance_number = 0x00200013;
inline constexpr std::uint32_t icon_sequence = 0x00880200;
inline constexpr std::size_t bulk = 300;  // bytes: what sealing takes for bulk content in private elements

}  // namespace portcullis::probe
