#include "tests/support/difference.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <optional>
#include <string_view>

namespace portcullis::judge {
namespace {

/// The report said that it has heard enough.
struct Stopped {};

std::string hex(const std::uint8_t* bytes, std::size_t count) {
    static constexpr char digits[] = "0123456789ABCDEF";
    std::string text;
    for (std::size_t i = 0; i < count; ++i) {
        text += digits[bytes[i] >> 4];
        text += digits[bytes[i] & 15];
    }
    return text;
}

/// Several values read as one run of bytes.
class Concatenation {
  public:
    void append(DcmElement& element) { parts_.push_back(std::make_unique<ValueReader>(element)); }
    std::uint64_t length() const {
        std::uint64_t sum = 0;
        for (const auto& part : parts_) sum += part->length();
        return sum;
    }
    /// The next bytes, up to `size`; 0 at the end.
    std::uint32_t next(std::uint8_t* into, std::uint32_t size) {
        std::uint32_t filled = 0;
        while (filled < size && part_ < parts_.size()) {
            ValueReader& part = *parts_[part_];
            const std::uint32_t count = std::min(size - filled, part.length() - offset_);
            part.read(offset_, into + filled, count);
            filled += count;
            offset_ += count;
            if (offset_ == part.length()) {
                ++part_;
                offset_ = 0;
            }
        }
        return filled;
    }

  private:
    std::vector<std::unique_ptr<ValueReader>> parts_;
    std::size_t part_ = 0;
    std::uint32_t offset_ = 0;
};

/// What differs between two runs of bytes, or nothing.
std::optional<std::string> first_difference(Concatenation expected, Concatenation actual) {
    if (expected.length() != actual.length())
        return "length " + std::to_string(expected.length()) + " became " + std::to_string(actual.length());
    constexpr std::uint32_t piece = 1024 * 1024;
    Bytes a(piece);
    Bytes b(piece);
    std::uint64_t offset = 0;
    while (const std::uint32_t count = expected.next(a.data(), piece)) {
        actual.next(b.data(), piece);
        const auto [at, other] = std::mismatch(a.begin(), a.begin() + count, b.begin());
        if (at != a.begin() + count) {
            const auto index = static_cast<std::size_t>(at - a.begin());
            const std::size_t shown = std::min<std::size_t>(8, count - index);
            return "byte " + std::to_string(offset + index) + ": " + hex(&*at, shown) + " became " +
                   hex(&*other, shown);
        }
        offset += count;
    }
    return std::nullopt;
}

Concatenation one(DcmElement& element) {
    Concatenation run;
    run.append(element);
    return run;
}

class Comparison {
  public:
    Comparison(const Report& report, bool vr) : report_(report), compare_vr_(vr) {}

    void items(DcmItem& expected, DcmItem& actual, const std::string& prefix) {
        DcmElement* a = next(expected, nullptr);
        DcmElement* b = next(actual, nullptr);
        while (a != nullptr || b != nullptr) {
            if (b == nullptr || (a != nullptr && a->getTag() < b->getTag())) {
                tell(prefix + tag_text(a->getTag()), "missing", "");
                a = next(expected, a);
            } else if (a == nullptr || b->getTag() < a->getTag()) {
                tell(prefix + tag_text(b->getTag()), "added", "");
                b = next(actual, b);
            } else {
                elements(*a, *b, prefix + tag_text(a->getTag()));
                a = next(expected, a);
                b = next(actual, b);
            }
        }
    }

    void tell(const std::string& path, const std::string& kind, const std::string& detail) {
        if (!report_({path, kind, detail})) throw Stopped();
    }

  private:
    static DcmElement* next(DcmItem& item, DcmObject* after) {
        DcmObject* object = item.nextInContainer(after);
        while (object != nullptr && object->getTag().getElement() == 0) object = item.nextInContainer(object);
        return static_cast<DcmElement*>(object);
    }

    void elements(DcmElement& a, DcmElement& b, const std::string& path) {
        if (compare_vr_ && std::strcmp(a.getTag().getVRName(), b.getTag().getVRName()) != 0)
            tell(path, "vr", std::string(a.getTag().getVRName()) + " became " + b.getTag().getVRName());
        auto* sequence_a = dynamic_cast<DcmSequenceOfItems*>(&a);
        auto* sequence_b = dynamic_cast<DcmSequenceOfItems*>(&b);
        if (sequence_a != nullptr && sequence_b != nullptr) {
            sequences(*sequence_a, *sequence_b, path);
        } else if (sequence_a != nullptr || sequence_b != nullptr) {
            tell(path, "value", "one is a sequence, the other is not");
        } else {
            leaves(a, b, path);
        }
    }

    void sequences(DcmSequenceOfItems& a, DcmSequenceOfItems& b, const std::string& path) {
        if (a.card() != b.card()) {
            tell(path, "items", std::to_string(a.card()) + " became " + std::to_string(b.card()));
            return;
        }
        for (unsigned long i = 0; i < a.card(); ++i)
            items(*a.getItem(i), *b.getItem(i), path + "[" + std::to_string(i + 1) + "].");
    }

    void leaves(DcmElement& a, DcmElement& b, const std::string& path) {
        DcmPixelSequence* pixels_a = encapsulated(a);
        DcmPixelSequence* pixels_b = encapsulated(b);
        if ((pixels_a == nullptr) != (pixels_b == nullptr)) {
            tell(path, "encapsulation", "one is native, the other encapsulated");
        } else if (pixels_a != nullptr) {
            fragments(*pixels_a, *pixels_b, path);
        } else if (const auto what = first_difference(one(a), one(b))) {
            tell(path, "value", *what);
        }
    }

    void fragments(DcmPixelSequence& a, DcmPixelSequence& b, const std::string& path) {
        if (a.card() != b.card())
            tell(path, "fragments",
                 "count, with the offset table: " + std::to_string(a.card()) + " became " +
                     std::to_string(b.card()));
        if (const auto what = first_difference(fragments_of(a, 0, 1), fragments_of(b, 0, 1)))
            tell(path, "offset-table", *what);
        if (const auto what = first_difference(fragments_of(a, 1, a.card()), fragments_of(b, 1, b.card())))
            tell(path, "value", *what);
    }

    static Concatenation fragments_of(DcmPixelSequence& sequence, unsigned long from, unsigned long to) {
        Concatenation run;
        for (unsigned long i = from; i < to && i < sequence.card(); ++i) {
            DcmPixelItem* fragment = nullptr;
            sequence.getItem(fragment, i);
            run.append(*fragment);
        }
        return run;
    }

    const Report& report_;
    bool compare_vr_;
};

}  // namespace

std::string Difference::name() const {
    std::string name;
    bool in_item_number = false;
    for (const char c : path) {
        if (c == '[') in_item_number = true;
        if (!in_item_number) name += c;
        if (c == ']') in_item_number = false;
    }
    return name + " " + kind;
}

void compare(DcmFileFormat& expected, DcmFileFormat& actual, const Report& report) {
    const DcmXfer a(expected.getDataset()->getOriginalXfer());
    const DcmXfer b(actual.getDataset()->getOriginalXfer());
    Comparison comparison(report, a.isExplicitVR() && b.isExplicitVR());
    try {
        if (a.getXfer() != b.getXfer())
            comparison.tell("(0002,0010)", "value",
                            std::string(a.getXferName()) + " became " + b.getXferName());
        comparison.items(*expected.getDataset(), *actual.getDataset(), "");
    } catch (const Stopped&) {
    }
}

}  // namespace portcullis::judge
