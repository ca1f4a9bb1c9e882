#include "gateway/probe/study.hpp"

#include <algorithm>
#include <random>

#include "gateway/image/element.hpp"
#include "gateway/image/tags.hpp"
#include "gateway/image/transfer_syntax.hpp"
#include "gateway/probe/codestreams.hpp"
#include "gateway/probe/words.hpp"

namespace portcullis::probe {

namespace {

namespace tag = image::tag;

constexpr auto creator = "PORTCULLIS PROBE";
constexpr auto explicit_little_endian = "1.2.840.10008.1.2.1";

Bytes us(std::uint16_t value) {
    Bytes bytes;
    append_le16(bytes, value);
    return bytes;
}

/// Elements in one encoding; values are given in Little Endian.
class Writer {
  public:
    explicit Writer(image::Encoding encoding) : encoding_(encoding) {}
    void put(std::uint32_t tag, std::string_view vr, Bytes value) {
        if (value.size() % 2 != 0) value.push_back(vr == "UI" || vr == "OB" ? 0 : ' ');
        if (encoding_.big_endian) image::swap_words(value, image::word_size(vr));
        image::append_header(bytes_, tag, encoding_.explicit_vr ? vr : std::string_view(),
                             static_cast<std::uint32_t>(value.size()), encoding_);
        append(bytes_, value);
    }
    void put(std::uint32_t tag, std::string_view vr, std::string_view text) {
        put(tag, vr, Bytes(text.begin(), text.end()));
    }
    /// A sequence of one item, of defined length.
    void put_item(std::uint32_t tag, const Bytes& item) {
        const auto length = static_cast<std::uint32_t>(item.size());
        image::append_header(bytes_, tag, encoding_.explicit_vr ? "SQ" : "", length + 8, encoding_);
        image::append_item_header(bytes_, length, encoding_);
        append(bytes_, item);
    }
    /// Encapsulated pixel data (PS3.5 A.4): one frame, with its offset table.
    void put_fragments(std::span<const std::uint8_t> codestream, unsigned count) {
        image::append_header(bytes_, tag::pixel_data, "OB", 0xFFFFFFFF, encoding_);
        image::append_item_header(bytes_, 4, encoding_);
        append_le32(bytes_, 0);
        const auto each = (codestream.size() / count + 1) & ~std::size_t{1};
        for (; !codestream.empty(); codestream = codestream.subspan(std::min(each, codestream.size()))) {
            const auto fragment = codestream.first(std::min(each, codestream.size()));
            image::append_item_header(
                bytes_, static_cast<std::uint32_t>(fragment.size() + fragment.size() % 2), encoding_);
            append(bytes_, fragment);
            if (fragment.size() % 2 != 0) bytes_.push_back(0);
        }
        image::append_header(bytes_, tag::sequence_delimitation, {}, 0, encoding_);
    }
    Bytes take() { return std::move(bytes_); }

  private:
    const image::Encoding encoding_;
    Bytes bytes_;
};

/// Bytes that do not compress and are no sequence.
Bytes noise(std::size_t size, unsigned seed) {
    std::minstd_rand random(seed);
    Bytes bytes(size);
    for (auto& byte : bytes) byte = static_cast<std::uint8_t>(random() >> 8);
    return bytes;
}

/// The picture, with something in the bits above Bits Stored.
Bytes native_pixels() {
    Bytes bytes;
    std::minstd_rand random(1);
    for (const auto value : pixels())
        append_le16(bytes, static_cast<std::uint16_t>(value | (random() >> 8 & 0xF) << bits_stored));
    return bytes;
}

void put_description(Writer& writer, unsigned size, std::uint16_t allocated, std::uint16_t stored) {
    writer.put(tag::samples_per_pixel, "US", us(1));
    writer.put(tag::photometric_interpretation, "CS", "MONOCHROME2");
    writer.put(tag::rows, "US", us(static_cast<std::uint16_t>(size)));
    writer.put(tag::columns, "US", us(static_cast<std::uint16_t>(size)));
    writer.put(tag::bits_allocated, "US", us(allocated));
    writer.put(tag::bits_stored, "US", us(stored));
    writer.put(tag::high_bit, "US", us(static_cast<std::uint16_t>(stored - 1)));
    writer.put(tag::pixel_representation, "US", us(0));
}

Bytes icon(image::Encoding encoding) {
    Writer writer(encoding);
    put_description(writer, 16, 8, 8);
    writer.put(tag::pixel_data, encoding.explicit_vr ? "OB" : "OW", noise(16 * 16, 2));
    return writer.take();
}

void put_header(Writer& writer, const StudyNames& names, const Uid& instance, unsigned number) {
    writer.put(tag::sop_class_uid, "UI", secondary_capture);
    writer.put(tag::sop_instance_uid, "UI", instance.str());
    writer.put(0x00080020, "DA", "20000101");
    writer.put(0x00080030, "TM", "000000");
    writer.put(tag::accession_number, "SH", "");
    writer.put(0x00080060, "CS", "OT");
    writer.put(0x00080064, "CS", "WSD");
    writer.put(0x00080090, "PN", "");
    writer.put(0x00081030, "LO", "PORTCULLIS PROBE: TEST, PLEASE DELETE");
    writer.put(private_creator, "LO", creator);
    writer.put(private_text, "LO", "KEPT AS IT CAME");
    writer.put(private_bytes, "OB", noise(bulk, 3));
    writer.put(0x00100010, "PN", patient_name);
    writer.put(tag::patient_id, "LO", names.patient_id);
    writer.put(0x00100030, "DA", "");
    writer.put(0x00100040, "CS", "O");
    writer.put(tag::study_instance_uid, "UI", names.study.str());
    writer.put(tag::series_instance_uid, "UI", names.series.str());
    writer.put(0x00200010, "SH", "PROBE");
    writer.put(0x00200011, "IS", "1");
    writer.put(instance_number, "IS", std::to_string(number));
    writer.put(tag::image_comments, "LT", image_comments);
}

void put_overlay(Writer& writer) {
    Bytes origin = us(1);
    append_le16(origin, 1);
    writer.put(0x60000010, "US", us(rows));
    writer.put(0x60000011, "US", us(columns));
    writer.put(0x60000040, "CS", "G");
    writer.put(0x60000050, "SS", origin);
    writer.put(0x60000100, "US", us(1));
    writer.put(0x60000102, "US", us(0));
    writer.put(tag::overlay_data, "OW", noise(rows * columns / 8, 4));
}

/// What a specimen has in Pixel Data.
struct Picture {
    std::uint16_t allocated, stored;  // bits
    std::string_view vr;
    Bytes native;
    const Codestream* compressed = nullptr;
};

Specimen make(std::string name, std::string_view transfer_syntax, const StudyNames& names, unsigned number,
              Picture picture) {
    const auto syntax = *image::carried_transfer_syntax(*Uid::parse(transfer_syntax));
    const auto instance = make_uid();
    Writer writer(syntax.encoding);
    put_header(writer, names, instance, number);
    put_description(writer, rows, picture.allocated, picture.stored);
    writer.put_item(icon_sequence, icon(syntax.encoding));
    put_overlay(writer);
    if (picture.compressed)
        writer.put_fragments(picture.compressed->bytes, picture.compressed->fragments);
    else
        writer.put(tag::pixel_data, picture.vr, std::move(picture.native));
    writer.put(trailing_creator, "LO", creator);
    writer.put(trailing_bytes, "OB", noise(bulk, 5));
    writer.put(trailing_padding, "OB", Bytes(16));
    return {std::move(name), {*Uid::parse(secondary_capture), instance, syntax.uid, writer.take()}};
}

}  // namespace

Uid make_uid() {
    std::random_device random;
    std::uint64_t high = std::uint64_t{random()} << 32 | random();
    std::uint64_t low = std::uint64_t{random()} << 32 | random();
    std::string digits;
    while (high != 0 || low != 0) {  // long division by ten, in steps of 32 bits
        std::uint64_t rest = 0;
        for (std::uint64_t* half : {&high, &low}) {
            const std::uint64_t upper = rest << 32 | *half >> 32;
            const std::uint64_t lower = (upper % 10) << 32 | (*half & 0xFFFFFFFF);
            *half = upper / 10 << 32 | lower / 10;
            rest = lower % 10;
        }
        digits.insert(digits.begin(), static_cast<char>('0' + rest));
    }
    return *Uid::parse("2.25." + (digits.empty() ? "0" : digits));
}

StudyNames make_names() {
    const auto study = make_uid();
    return {"PORTCULLIS-PROBE-" + study.str().substr(5, 8), study, make_uid()};
}

std::vector<Specimen> make_specimens(const StudyNames& names, unsigned first) {
    std::vector<Specimen> all;
    const auto add = [&](std::string_view syntax, Picture picture, const char* but = "") {
        const auto number = first + static_cast<unsigned>(all.size());
        auto name = syntax_name(std::string(syntax)) + but;
        all.push_back(make(std::move(name), syntax, names, number, std::move(picture)));
    };
    const Picture words{16, bits_stored, "OW", native_pixels()};
    add(explicit_little_endian, words);
    add("1.2.840.10008.1.2", words);
    add("1.2.840.10008.1.2.2", words);
    add(explicit_little_endian, {8, 8, "OB", noise(rows * columns, 6)}, " (8 bits)");
    for (const auto& codestream : codestreams())
        add(codestream.transfer_syntax, {16, bits_stored, "OB", {}, &codestream});
    return all;
}

}  // namespace portcullis::probe
