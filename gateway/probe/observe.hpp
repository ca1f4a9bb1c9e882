#pragma once
// What became of one object on its way into an archive and back. A pure comparison of two data sets.

#include <cstdint>
#include <string>
#include <vector>

#include "gateway/probe/data_set.hpp"
#include "gateway/scu/store.hpp"

namespace portcullis::probe {

enum class Fate {
    kept,
    kept_as_un,  // the same bytes, but nobody knows the VR any more
    changed,
    lost,
};

enum class PixelFate {
    same,            // bit for bit
    high_bits_lost,  // but for those above Bits Stored
    changed,
    lost,
    recompressed,  // compressed, and not the bytes that were sent: the values are not known here
};

enum class FragmentFate {
    none,  // not encapsulated, or not any more
    same,
    recut,  // the same bytes in other fragments
    changed,
};

struct Observed {
    std::string transfer_syntax;  // as it came back
    bool native = true;           // as it came back
    PixelFate pixels = PixelFate::same;
    FragmentFate fragments = FragmentFate::none;
    Fate offset_table = Fate::kept;
    Fate private_elements = Fate::kept;  // the worst of them
    Fate trailing_group = Fate::kept;    // private, behind Pixel Data
    Fate trailing_padding = Fate::kept;
    Fate overlay = Fate::kept;
    Fate icon = Fate::kept;
    Fate comments = Fate::kept;
    bool lossy = false;                      // the object says so itself: (0028,2110)
    std::vector<std::uint32_t> identifiers;  // of SOP instance, patient, study and series: what changed
    std::vector<codec::Path> others;         // other values that changed, are missing, or came
};

/// Errors: those of read_data_set(), or image::errc::malformed for a transfer syntax that is not carried.
Result<Observed> observe(const scu::Object& sent, const scu::Object& returned);

}  // namespace portcullis::probe
