#pragma once
// Data sets with every kind of value that carries images or bulk content, and some that nearly do, so that a
// test can look for each of them.

#include "gateway/image/tags.hpp"
#include "tests/image/objects.hpp"

namespace portcullis::image::test {

/// A value, and whether it is sealed where there are VRs and where there are none.
struct Kind {
    std::uint32_t tag;
    const char* vr;
    std::size_t size;
    bool in_explicit, in_implicit;
};

/// What stands before the attributes of the image.
inline constexpr Kind early_kinds[] = {
    {0x00090010, "LO", 64, false, false},   {0x00091001, "OB", 254, false, false},
    {0x00091002, "OB", 256, true, true},    {0x00091003, "OW", 254, false, false},
    {0x00091004, "OW", 256, true, true},    {0x00091005, "OF", 252, false, false},
    {0x00091006, "OF", 256, true, true},    {0x00091007, "OD", 248, false, false},
    {0x00091008, "OD", 256, true, true},    {0x00091009, "OL", 256, true, true},
    {0x0009100A, "OV", 256, true, true},    {0x0009100B, "UN", 254, false, false},
    {0x0009100C, "UN", 256, true, true},    {0x0009100D, "UT", 254, false, false},
    {0x0009100E, "UT", 256, false, true},   {0x0009100F, "LT", 400, false, true},
    {0x00104000, "LT", 1000, false, false},
};

/// What stands behind them.
inline constexpr Kind late_kinds[] = {
    {0x00283006, "OW", 300, false, false}, {0x00420011, "OB", 20, true, true},
    {0x50002000, "US", 2, false, false},   {0x5000200C, "OW", 20, true, true},
    {0x50003000, "OW", 30, true, true},    {0x50FE3000, "OB", 22, true, true},
    {0x54000110, "OW", 30, false, false},  {0x54001010, "OW", 34, true, true},
    {0x56000020, "OF", 36, true, true},    {0x60000022, "LO", 64, false, false},
    {0x60003000, "OW", 18, true, true},    {0x60013000, "OW", 30, false, false},
    {0x60FE3000, "OB", 20, true, true},    {0x7FE00001, "OV", 24, false, false},
    {0x7FE00008, "OF", 40, true, true},    {0x7FE00009, "OD", 48, true, true},
    {0x7FE00010, "OW", 50, true, true},    {0x7FE10010, "LO", 64, false, false},
    {0x7FE11001, "OB", 300, true, true},   {0x7FE31001, "OW", 300, true, true},
};

/// A value that was put into a data set.
struct Bulk {
    std::string name;
    Bytes value;
    bool sealed;
};

class Bulks {
  public:
    /// `encoding` of the values, which inside a UN is not that of the data set.
    template <std::size_t count>
    Bytes elements(const Kind (&kinds)[count], Encoding encoding) {
        DataSet data(encoding);
        for (const Kind& kind : kinds) {
            const bool sealed = encoding.explicit_vr ? kind.in_explicit : kind.in_implicit;
            all.push_back({tag::name(kind.tag), noise(kind.size, ++seed_), sealed});
            data.element(kind.tag, kind.vr, all.back().value);
        }
        return data.bytes;
    }
    Bytes all_elements(Encoding encoding) {
        Bytes bytes = elements(early_kinds, encoding);
        append(bytes, elements(late_kinds, encoding));
        return bytes;
    }
    /// What stands between: no bits to be counted, no pixels of odd number.
    static Bytes attributes(Encoding encoding) {
        DataSet data(encoding);
        data.us(0x00280010, 5).us(0x00280011, 5).us(0x00280100, 16).us(0x00280101, 16).us(0x00280102, 15);
        return data.bytes;
    }

    std::vector<Bulk> all;

  private:
    unsigned seed_ = 100;
};

}  // namespace portcullis::image::test
