#include "tests/support/bulk.hpp"

#include <algorithm>

namespace portcullis::judge {

namespace {

constexpr std::size_t shortest_private_bulk = 256;

bool is_image_tag(const DcmTagKey& tag) {
    if (tag == DCM_PixelData || tag == DCM_FloatPixelData || tag == DCM_DoubleFloatPixelData) return true;
    if (tag == DCM_WaveformData || tag == DCM_SpectroscopyData || tag == DCM_EncapsulatedDocument)
        return true;
    const unsigned repeated = tag.getGroup() & 0xFF01u;
    if (repeated == 0x6000) return tag.getElement() == 0x3000;
    return repeated == 0x5000 && (tag.getElement() == 0x3000 || tag.getElement() == 0x200C);
}

std::size_t word_size(DcmEVR vr) {
    switch (vr) {
        case EVR_OW:
            return 2;
        case EVR_OF:
        case EVR_OL:
            return 4;
        case EVR_OD:
        case EVR_OV:
            return 8;
        default:
            return 1;
    }
}

bool is_bulk_vr(DcmEVR vr) {
    return word_size(vr) > 1 || vr == EVR_OB || vr == EVR_UN;
}

std::size_t sample_size(DcmItem& item, const DcmElement& element, std::size_t word) {
    if (element.getTag() != DCM_PixelData && element.getTag() != DCM_WaveformData) return word;
    Uint16 allocated = 8;
    item.findAndGetUint16(element.getTag() == DCM_PixelData ? DCM_BitsAllocated : DCM_WaveformBitsAllocated,
                          allocated);
    return std::clamp<std::size_t>(allocated / 8u, 1, 8);
}

class Walk {
  public:
    explicit Walk(bool explicit_vr) : explicit_vr_(explicit_vr) {}

    void item(DcmItem& item, const std::string& prefix) {
        for (DcmObject* object = item.nextInContainer(nullptr); object; object = item.nextInContainer(object))
            element(item, static_cast<DcmElement&>(*object), prefix + tag_text(object->getTag()));
    }
    Content found;

  private:
    void element(DcmItem& in, DcmElement& element, const std::string& path) {
        if (auto* fragments = encapsulated(element)) {
            for (unsigned long i = 1; i < fragments->card(); ++i) {
                DcmPixelItem* fragment = nullptr;
                fragments->getItem(fragment, i);
                found.bulk.push_back({path + " fragment " + std::to_string(i), whole_value(*fragment), 1, 1});
            }
        } else if (auto* sequence = dynamic_cast<DcmSequenceOfItems*>(&element)) {
            for (unsigned long i = 0; i < sequence->card(); ++i)
                item(*sequence->getItem(i), path + "[" + std::to_string(i + 1) + "].");
        } else if (is_image_tag(element.getTag()) || is_private_bulk(element)) {
            const auto word = word_size(element.getTag().getEVR());
            found.bulk.push_back({path, whole_value(element), sample_size(in, element, word), word});
        } else {
            const auto value = whole_value(element);
            found.readable.insert(found.readable.end(), value.begin(), value.end());
        }
    }

    bool is_private_bulk(DcmElement& element) const {
        const bool owned = element.getTag().isPrivate() && element.getTag().getElement() > 0xFF;
        return owned && element.getLength() >= shortest_private_bulk &&
               (!explicit_vr_ || is_bulk_vr(element.getTag().getEVR()));
    }

    const bool explicit_vr_;
};

}  // namespace

Content content_of(DcmFileFormat& file) {
    Walk walk(DcmXfer(file.getDataset()->getOriginalXfer()).isExplicitVR());
    walk.item(*file.getDataset(), "");
    return std::move(walk.found);
}

}  // namespace portcullis::judge
